import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { inTransaction } from '../../platform/database/transaction.js';
import type { ProblemItem } from '../../platform/errors.js';
import type { EventInput } from '../events/event-input.js';
import { EventsService } from '../events/events.service.js';
import { recordKind } from '../kinds/kinds.js';
import type { RecordKindName } from '../records/record-kind.js';
import { RecordsService, type RecordInput } from '../records/records.service.js';
import { QuarantineRepository, type HeldRow, type WaitsFor } from './quarantine.repository.js';

const CHUNK = 500;

export interface Appeared {
  readonly accounts: readonly string[];
  readonly users: readonly string[];
}

/**
 * Takes in what had waited. A fact is stored first and then leaves quarantine: killed in between it is taken in again,
 * which changes nothing.
 */
@Injectable()
export class ReleaseService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly quarantine: QuarantineRepository,
    private readonly records: RecordsService,
    private readonly events: EventsService,
  ) {}

  async release(appeared: Appeared): Promise<void> {
    // A contact that waited for its account may bring the user that an event waits for.
    for (let next = appeared; next.accounts.length + next.users.length > 0;) {
      const brought: string[] = [];
      brought.push(...(await this.releaseAll('account', next.accounts)));
      brought.push(...(await this.releaseAll('user', next.users)));
      next = { accounts: [], users: brought };
    }
  }

  /** Facts and their account may have crossed, each not seeing the other. */
  async sweep(): Promise<void> {
    await this.release(await this.quarantine.crossed(this.dataSource.manager));
  }

  private async releaseAll(waitsFor: WaitsFor, refs: readonly string[]): Promise<string[]> {
    const brought: string[] = [];
    if (refs.length === 0) return brought;
    for (;;) {
      const rows = await this.quarantine.waiting(this.dataSource.manager, waitsFor, refs, CHUNK);
      const events = rows.filter((row) => row.kind === 'events');
      const left = events.length > 0 ? await this.releaseEvents(events) : 0;
      let stuck = left;
      for (const kind of new Set(rows.map((row) => row.kind).filter((name) => name !== 'events'))) {
        const done = await this.releaseRecords(
          kind as RecordKindName,
          rows.filter((row) => row.kind === kind),
        );
        brought.push(...done.users);
        stuck += done.stuck;
      }
      if (rows.length < CHUNK || stuck > 0) return brought;
    }
  }

  /** Answers how many still wait. */
  private async releaseEvents(rows: readonly HeldRow[]): Promise<number> {
    const taken = await this.events.take(rows.map((row) => row.payload as EventInput));
    const refused = taken.rejected.flatMap(({ index, problem }) => pair(rows[index], problem));
    const refusedRows = new Set(refused.map(({ row }) => row));
    await inTransaction(this.dataSource, async (manager) => {
      await this.quarantine.refuse(manager, refused);
      if (taken.quarantined === 0)
        await this.quarantine.remove(
          manager,
          rows.filter((row) => !refusedRows.has(row)),
        );
    });
    return taken.quarantined;
  }

  private async releaseRecords(
    kind: RecordKindName,
    rows: readonly HeldRow[],
  ): Promise<{ users: string[]; stuck: number }> {
    return inTransaction(this.dataSource, async (manager) => {
      const inputs = rows.map((row) => row.payload as RecordInput);
      const { outcomes, appeared } = await this.records.take(manager, recordKind(kind), inputs);
      const stuck = rows.filter((_, index) => outcomes[index]?.status === 'quarantined');
      const refused = rows.flatMap((row, index) => {
        const outcome = outcomes[index];
        return outcome?.status === 'rejected' ? pair(row, outcome.problem) : [];
      });
      const refusedRows = new Set(refused.map(({ row }) => row));
      await this.quarantine.refuse(manager, refused);
      await this.quarantine.remove(
        manager,
        rows.filter((row) => !refusedRows.has(row) && !stuck.includes(row)),
      );
      return { users: appeared.users, stuck: stuck.length };
    });
  }
}

function pair(row: HeldRow | undefined, problem: ProblemItem): { row: HeldRow; problem: ProblemItem }[] {
  return row === undefined ? [] : [{ row, problem }];
}
