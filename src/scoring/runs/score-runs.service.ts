import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/errors.js';
import { dayOf, endOfDay } from '../../platform/days.js';
import { type ScoreRun, ScoreRunsRepository } from './score-runs.repository.js';

@Injectable()
export class ScoreRunsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: ScoreRunsRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Queues a run for all accounts, as of the day or now. Throws 400 `in_future`. */
  async request(asOf: string | undefined, actor: string): Promise<ScoreRun> {
    const now = this.clock.now();
    const day = asOf ?? dayOf(now);
    endOfDay(day, now, '/asOf');
    return this.dataSource.transaction(async (manager) => {
      const id = await this.runs.create(manager, day);
      const run = id === null ? null : await this.runs.find(manager, id);
      if (run === null) throw new Error('the score run was not stored');
      await this.audit.record(manager, {
        actor,
        action: 'score_run.requested',
        target: `score-runs/${run.id}`,
        detail: { asOf: day },
      });
      return run;
    });
  }

  async get(id: string): Promise<ScoreRun> {
    const found = /^\d{1,18}$/.test(id) ? await this.runs.find(this.dataSource.manager, id) : null;
    if (!found) throw new DomainError('not_found', 404, 'no score run has this id');
    return found;
  }
}
