import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { QuarantineRepository } from '../quarantine/quarantine.repository.js';
import { ReleaseService } from '../quarantine/release.service.js';
import type { RecordKind } from './record-kind.js';
import { RecordsService, type RecordInput, type RecordOutcome } from './records.service.js';

@Injectable()
export class RecordIntakeService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly records: RecordsService,
    private readonly quarantine: QuarantineRepository,
    private readonly release: ReleaseService,
  ) {}

  /**
   * Stores records of one kind in one transaction, together with what `alongside` writes (it returns the users it added).
   * Then processes the quarantined facts that waited for these accounts and users.
   */
  async take(
    kind: RecordKind,
    inputs: readonly RecordInput[],
    alongside?: (manager: EntityManager, outcomes: readonly RecordOutcome[]) => Promise<readonly string[]>,
  ): Promise<RecordOutcome[]> {
    const { outcomes, appeared } = await inTransaction(this.dataSource, async (manager) => {
      const taken = await this.records.take(manager, kind, inputs);
      const held = taken.outcomes.filter((outcome) => outcome.status === 'quarantined');
      await this.quarantine.holdRecords(manager, kind.name, held, this.clock.now());
      const stored = inputs.filter((_, index) => 'accountId' in (taken.outcomes[index] ?? {}));
      await this.quarantine.forgetRefused(
        manager,
        kind.name,
        stored.map((input) => input.id),
      );
      const users = (await alongside?.(manager, taken.outcomes)) ?? [];
      const { accounts } = taken.appeared;
      return { outcomes: taken.outcomes, appeared: { accounts, users: [...taken.appeared.users, ...users] } };
    });
    await this.release.release(appeared);
    return outcomes;
  }
}
