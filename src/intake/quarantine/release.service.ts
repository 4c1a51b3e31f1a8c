import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import { inTransaction, sqlState } from '../../platform/database/transaction.js';
import type { ProblemItem } from '../../platform/errors.js';
import type { EventInput } from '../events/event-input.js';
import { EventsService } from '../events/events.service.js';
import { recordKind } from '../kinds/kinds.js';
import type { RecordKindName } from '../records/record-kind.js';
import { RecordsService, type RecordInput } from '../records/records.service.js';
import { AliasesRepository } from '../users/aliases.repository.js';
import { QuarantineRepository, type HeldRow, type WaitsFor } from './quarantine.repository.js';

const CHUNK = 500;

type Claim = (manager: EntityManager) => Promise<HeldRow[]>;

interface Refused {
  readonly row: HeldRow;
  readonly problem: ProblemItem;
}

export interface Appeared {
  readonly accounts: readonly string[];
  readonly users: readonly string[];
}

/**
 * Processes quarantined facts. A fact is stored before it leaves quarantine; after a crash in between it is processed again, which has no effect.
 */
@Injectable()
export class ReleaseService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: DirectoryRepository,
    private readonly quarantine: QuarantineRepository,
    private readonly records: RecordsService,
    private readonly events: EventsService,
    private readonly aliases: AliasesRepository,
  ) {}

  async release(appeared: Appeared): Promise<void> {
    // A released contact may add the user that an event waits for.
    for (let next = appeared; next.accounts.length + next.users.length > 0;) {
      const brought: string[] = [];
      brought.push(...(await this.releaseAll('account', next.accounts)));
      brought.push(
        ...(await this.releaseAll('user', await this.aliases.allIds(this.dataSource.manager, next.users))),
      );
      next = { accounts: [], users: brought };
    }
  }

  /** Facts and their account may have arrived at the same time without seeing each other. */
  async sweep(): Promise<void> {
    await this.release(await this.quarantine.crossed(this.dataSource.manager));
  }

  private async releaseAll(waitsFor: WaitsFor, refs: readonly string[]): Promise<string[]> {
    if (refs.length === 0) return [];
    const brought: string[] = [];
    for (const kind of await this.quarantine.kindsWaiting(this.dataSource.manager, waitsFor, refs)) {
      const next = (manager: EntityManager) => this.quarantine.claimDue(manager, kind, waitsFor, refs, CHUNK);
      if (kind === 'events') {
        while ((await this.releaseEvents(next)) === CHUNK);
        continue;
      }
      for (let taken = CHUNK; taken === CHUNK;) {
        const done = await this.releaseRecords(kind as RecordKindName, next);
        brought.push(...done.users);
        taken = done.taken;
      }
    }
    return brought;
  }

  /** Returns how many left quarantine or were rejected. */
  private async releaseEvents(next: Claim): Promise<number> {
    const rows = await inTransaction(this.dataSource, next);
    if (rows.length === 0) return 0;
    return this.oneByOneIfBad(rows, (chunk) => this.takeEvents(chunk));
  }

  private async takeEvents(rows: readonly HeldRow[]): Promise<number> {
    const taken = await this.events.take(rows.map((row) => row.payload as EventInput));
    // The account was deleted meanwhile: all keep waiting, including those already stored, which a later attempt detects.
    if (taken.quarantined > 0) return 0;
    const refused = taken.rejected.flatMap(({ index, problem }) => pair(rows[index], problem));
    await inTransaction(this.dataSource, (manager) => this.settle(manager, rows, refused));
    return rows.length;
  }

  /** A row that the database cannot store is rejected alone, so that it does not block the others. */
  private async oneByOneIfBad(
    rows: readonly HeldRow[],
    take: (chunk: readonly HeldRow[]) => Promise<number>,
  ): Promise<number> {
    try {
      return await take(rows);
    } catch (error) {
      if (!isBadData(error)) throw error;
      const [only, ...others] = rows;
      if (only === undefined) return 0;
      if (others.length === 0) {
        await inTransaction(this.dataSource, (manager) =>
          this.quarantine.refuse(manager, [{ row: only, problem: UNSTORABLE }]),
        );
        return 1;
      }
      let done = 0;
      for (const row of rows) done += await this.oneByOneIfBad([row], take);
      return done;
    }
  }

  /** Claimed under the lock of deletions and erasures, so that nothing deleted while waiting comes back. */
  private async releaseRecords(
    kind: RecordKindName,
    next: Claim,
  ): Promise<{ users: readonly string[]; taken: number }> {
    return inTransaction(this.dataSource, async (manager) => {
      await this.directory.lockShared(manager);
      const rows = await next(manager);
      const inputs = rows.map((row) => row.payload as RecordInput);
      const { outcomes, appeared } = await this.records.take(manager, recordKind(kind), inputs);
      const refused = rows.flatMap((row, index) => {
        const outcome = outcomes[index];
        return outcome?.status === 'rejected' ? pair(row, outcome.problem) : [];
      });
      const tried = rows.filter((_, index) => outcomes[index]?.status !== 'quarantined');
      await this.settle(manager, tried, refused);
      return { users: appeared.users, taken: tried.length };
    });
  }

  private async settle(manager: EntityManager, tried: readonly HeldRow[], refused: Refused[]): Promise<void> {
    const refusedRows = new Set(refused.map(({ row }) => row));
    await this.quarantine.refuse(manager, refused);
    await this.quarantine.remove(
      manager,
      tried.filter((row) => !refusedRows.has(row)),
    );
  }
}

const UNSTORABLE: ProblemItem = { code: 'malformed', detail: 'The database could not store this record' };

/** SQLSTATE classes 22 (data exception) and 23 (integrity violation): trying again cannot help. */
function isBadData(error: unknown): boolean {
  const state = sqlState(error);
  return typeof state === 'string' && /^2[23]/.test(state);
}

function pair(row: HeldRow | undefined, problem: ProblemItem): Refused[] {
  return row === undefined ? [] : [{ row, problem }];
}
