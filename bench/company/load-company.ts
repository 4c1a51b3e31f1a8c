import 'reflect-metadata';
import { setImmediate } from 'node:timers/promises';
import type { Client } from 'pg';
import { isoDay } from '../../src/demo/calendar.js';
import { type Kind, KINDS, type Simulation } from '../../src/demo/simulate.js';
import type { RecordKindName } from '../../src/intake/records/record-kind.js';
import { timestamp } from '../../src/intake/records/records.repository.js';
import { DAY_MS } from '../../src/platform/days.js';
import { externalIdsOf, RecordFolder, type RecordRows } from './record-rows.js';
import { TableCopy } from './table-copy.js';

const CHUNK_ACCOUNTS = 500;

const isRecord = (kind: Kind): kind is RecordKindName => kind !== 'events';
const columns = new Map<string, string>();
function columnOf(field: string): string {
  const column = columns.get(field) ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  columns.set(field, column);
  return column;
}

interface LoadOptions {
  readonly progress?: (accounts: number) => void;
  /** Most of the data to write; lifetimes do not need it. */
  readonly withUsage?: boolean;
}

/**
 * Loads a simulated company into an empty database as intake and the roll-up would leave it: the same statements, states and counts, and so
 * the same features. Leaves out what only intake needs later: the events themselves and which user and record belong to which account. All
 * facts arrive at the scenario's `until`.
 */
export async function loadCompany(
  db: Client,
  simulation: Simulation,
  { progress = () => undefined, withUsage = true }: LoadOptions = {},
): Promise<void> {
  const loader = await Loader.of(db, simulation, withUsage);
  const { accounts } = simulation.scenario;
  let written = Promise.resolve();
  for (let index = 0; index < accounts; index++) {
    loader.add(index);
    // Lets flushed rows be sent while the next accounts are generated.
    await setImmediate();
    if ((index + 1) % CHUNK_ACCOUNTS > 0 && index + 1 < accounts) continue;
    await written;
    progress(index + 1);
    written = loader.flush();
    // An error surfaces at the next await; until then it must not count as unhandled.
    written.catch(() => undefined);
  }
  await written;
  await loader.finish();
}

const TABLES = ['account', 'account_ref', 'statement', 'usage_day', 'user_month', 'used_day'] as const;

class Loader {
  private readonly arrivedAt: string;
  /** ISO dates by day number. */
  private readonly usedDays = new Map<number, string>();

  private constructor(
    private readonly db: Client,
    private readonly simulation: Simulation,
    private readonly folders: readonly RecordFolder[],
    private readonly copies: ReadonlyMap<string, TableCopy>,
    private readonly withUsage: boolean,
  ) {
    this.arrivedAt = timestamp(simulation.scenario.untilMs);
  }

  static async of(db: Client, simulation: Simulation, withUsage: boolean): Promise<Loader> {
    const folders = KINDS.filter(isRecord).map((kind) => new RecordFolder(kind));
    const copies = new Map<string, TableCopy>();
    for (const table of [...TABLES, ...folders.map((folder) => folder.table)])
      copies.set(table, await TableCopy.of(db, table));
    return new Loader(db, simulation, folders, copies, withUsage);
  }

  /** Skips an account that starts after `until`. */
  add(index: number): void {
    const accountId = index + 1;
    let firstFactAt = Infinity;
    let account: RecordRows | undefined;
    for (const folder of this.folders) {
      const facts = this.simulation.facts(folder.name, index, index + 1);
      const folded = folder.fold(facts, this.simulation.scenario.untilMs);
      if (folder.name === 'accounts') account = folded.records[0];
      if (account === undefined) return;
      firstFactAt = Math.min(firstFactAt, folded.firstFactAt);
      for (const record of folded.records) this.addRecord(accountId, folder, record);
    }
    if (account === undefined) return;
    if (this.withUsage) firstFactAt = Math.min(firstFactAt, this.addUsage(accountId, index));
    this.copy('account').add({
      account_id: accountId,
      id: account.id,
      first_fact_at: timestamp(firstFactAt),
    });
    this.copy('account_ref').add({ ref: account.id, account_id: accountId, source: 'id' });
    for (const ref of externalIdsOf(account))
      this.copy('account_ref').add({ ref, account_id: accountId, source: 'external' });
  }

  private addRecord(accountId: number, { name, table }: RecordFolder, record: RecordRows): void {
    for (const { effectiveAt, replaces, patch } of record.statements)
      this.copy('statement').add({
        account_id: accountId,
        kind: name,
        record_id: record.id,
        effective_at: timestamp(effectiveAt),
        replaces,
        patch,
        arrived_at: this.arrivedAt,
      });
    for (const { from, to, fields } of record.intervals)
      this.copy(table).add({
        ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [columnOf(key), value])),
        account_id: accountId,
        id: record.id,
        valid_from: timestamp(from),
        valid_to: timestamp(to),
      });
  }

  /** Returns the time (epoch ms) of the first day with usage; Infinity if there is none. */
  private addUsage(accountId: number, index: number): number {
    const { days, users } = this.simulation.usage(index);
    const byDay = this.copy('usage_day');
    const byMonth = this.copy('user_month');
    let first = Infinity;
    for (const { day, event, events } of days) {
      const text = this.usedDays.get(day) ?? isoDay(day);
      this.usedDays.set(day, text);
      byDay.addPlain(`${accountId}\t${text}\t${event}\t${events}\t\\N\n`);
      first = Math.min(first, day);
    }
    for (const { month, userId, days: bits } of users)
      byMonth.addPlain(`${accountId}\t${isoDay(month)}\t${userId}\t${bits}\n`);
    return first * DAY_MS;
  }

  async flush(): Promise<void> {
    for (const copy of this.copies.values()) await copy.flush(this.db);
  }

  async finish(): Promise<void> {
    for (const day of this.usedDays.values()) this.copy('used_day').add({ day });
    await this.copy('used_day').flush(this.db);
    await this.db.query(
      `SELECT setval(pg_get_serial_sequence('account', 'account_id'), max(account_id)) FROM account`,
    );
    await this.db.query('ANALYZE');
  }

  private copy(table: string): TableCopy {
    const copy = this.copies.get(table);
    if (copy === undefined) throw new RangeError(`no table ${table}`);
    return copy;
  }
}
