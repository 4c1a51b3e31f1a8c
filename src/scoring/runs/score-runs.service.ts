import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/errors.js';
import { dayOf, endOfDay, startOfDay } from '../../platform/days.js';
import { daysBetween } from './days-between.js';
import type { ScoreRunRequestDto } from './score-run.dto.js';
import type { ScoreRunDto } from '../queue/queued-run.dto.js';
import { ScoreRunsRepository } from '../queue/score-runs.repository.js';

const MAX_DAYS = 1_000;

@Injectable()
export class ScoreRunsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: ScoreRunsRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Queues a run for all accounts, as of the day or days, or now. Throws 400 `in_future`, `missing`, `not_allowed` and `out_of_range`. */
  async request(asked: ScoreRunRequestDto, actor: string): Promise<ScoreRunDto> {
    const now = this.clock.now();
    const days = daysOf(asked, now);
    return this.dataSource.transaction(async (manager) => {
      const id = await this.runs.create(manager, days);
      const run = id === null ? null : await this.runs.find(manager, id);
      if (run === null) throw new Error('the score run was not stored');
      await this.audit.record(manager, {
        actor,
        action: 'score_run.requested',
        target: `score-runs/${run.id}`,
        detail: days.length === 1 ? { asOf: days[0] } : { from: days[0], to: days.at(-1), days: days.length },
      });
      return run;
    });
  }

  async get(id: string): Promise<ScoreRunDto> {
    const found = /^\d{1,18}$/.test(id) ? await this.runs.find(this.dataSource.manager, id) : null;
    if (!found) throw new DomainError('not_found', 404, 'No score run has this id', { pointer: '/id' });
    return found;
  }
}

function daysOf({ asOf, from, to, every }: ScoreRunRequestDto, now: Date): [string, ...string[]] {
  if (from === undefined && to === undefined && every === undefined) {
    const day = asOf ?? dayOf(now);
    endOfDay(day, now, '/asOf');
    return [day];
  }
  if (asOf !== undefined) throw problem('not_allowed', '`asOf` cannot be combined with a range', '/asOf');
  if (from === undefined) throw problem('missing', '`from` is required in a range', '/from');
  if (to === undefined) throw problem('missing', '`to` is required in a range', '/to');
  if (every === undefined)
    throw problem('missing', '`every` is required in a range: day, week or month', '/every');
  startOfDay(from, '/from');
  endOfDay(to, now, '/to');
  const [first, ...others] = daysBetween(from, to, every);
  if (first === undefined) throw problem('out_of_range', '`from` must not be after `to`', '/from');
  if (others.length >= MAX_DAYS)
    throw problem('out_of_range', `A range covers at most ${MAX_DAYS} days`, '/from');
  return [first, ...others];
}

const problem = (code: string, detail: string, pointer: string): DomainError =>
  new DomainError(code, 400, detail, { pointer });
