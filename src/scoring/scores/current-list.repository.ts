import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Column, parameterOf, selected, separable } from '../../platform/database/column-parameters.js';
import { BANDS } from '../model/scorecard.js';
import { STATUSES } from '../features/account-features.js';
import { LEAVING_FIRST } from './score-fields.js';
import type { PackedScore } from './packed-score.js';
import type { ListItem } from './list-item.js';

export interface CurrentAccount {
  readonly accountId: number;
  readonly packed: PackedScore;
  readonly item: ListItem;
}

/** SQLSTATE of a lock that was not had in time. */
export const LOCK_NOT_AVAILABLE = '55P03';
const LONGEST_WAIT_MS = 200;

/** Where to write: the table that is read, or the one that a full run fills to take its place. */
export type Target = 'account_current' | 'account_next';

/** The list can be ordered by these; each has an index. */
export const SORTED_COLUMNS = [
  'expected_loss',
  'churn_risk',
  'health',
  'health_change30d',
  'mrr',
  'ltv',
  'expansion',
  'renews_at',
  'name',
] as const;
/** Asked for with these, it begins with the greatest loss: also in one index each. */
const FILTERED_COLUMNS = ['band', 'status', 'tier', 'stage', 'csm'] as const;
export type SortedColumn = (typeof SORTED_COLUMNS)[number];

const COLUMNS: readonly Column<CurrentAccount>[] = [
  { name: 'account_id', type: 'int', of: ({ accountId }) => accountId },
  { name: 'band', type: 'smallint', of: ({ packed }) => packed.band },
  { name: 'status', type: 'smallint', of: ({ packed }) => packed.status },
  { name: 'tier', type: 'text', of: ({ packed }) => separable(packed.tier) },
  { name: 'stage', type: 'text', of: ({ packed }) => separable(packed.stage ?? undefined) },
  { name: 'csm', type: 'text', of: ({ item }) => separable(item.csm ?? undefined) },
  { name: 'name', type: 'text', of: ({ item }) => separable(item.name?.toLowerCase()) },
  { name: 'expected_loss', type: 'bigint', of: lossPosition },
  { name: 'churn_risk', type: 'smallint', of: ({ packed }) => packed.churn_risk },
  { name: 'health', type: 'smallint', of: ({ packed }) => (packed.band === UNKNOWN ? null : packed.health) },
  { name: 'health_change30d', type: 'smallint', of: ({ item: { health } }) => hundredths(health.change30d) },
  { name: 'mrr', type: 'bigint', of: ({ packed }) => packed.mrr },
  { name: 'ltv', type: 'bigint', of: ({ packed }) => packed.ltv },
  { name: 'expansion', type: 'smallint', of: ({ packed }) => packed.expansion },
  { name: 'renews_at', type: 'date', of: ({ packed }) => packed.renews_at },
  { name: 'item', type: 'json', of: ({ item }) => JSON.stringify(item) },
];
const UNKNOWN = BANDS.indexOf('unknown');
const NAMES = COLUMNS.map(({ name }) => name).join(', ');
const ROWS = COLUMNS.map((column, place) => selected(column, place + 1)).join(', ');
const REPLACED = COLUMNS.slice(1)
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(', ');

function lossPosition({ packed }: CurrentAccount): number | null {
  const loss = packed.expected_loss;
  if (packed.status !== STATUSES.indexOf('leaving') || loss === 0) return loss;
  return LEAVING_FIRST + Math.min(LEAVING_FIRST - 1, loss ?? 0);
}

const hundredths = (points: number | null): number | null =>
  points === null ? null : Math.round(100 * points);

@Injectable()
export class CurrentListRepository {
  async write(manager: EntityManager, target: Target, accounts: readonly CurrentAccount[]): Promise<void> {
    if (accounts.length === 0) return;
    await manager.query(
      `INSERT INTO ${target} (${NAMES}) SELECT ${ROWS}
       ON CONFLICT (account_id) DO UPDATE SET ${REPLACED}`,
      COLUMNS.map((column) => parameterOf(column, accounts)),
    );
  }

  async isEmpty(manager: EntityManager): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT FROM account_current LIMIT 1');
    return rows.length === 0;
  }

  async remove(manager: EntityManager, target: Target, accountIds: readonly number[]): Promise<void> {
    if (accountIds.length === 0) return;
    await manager.query(`DELETE FROM ${target} WHERE account_id = ANY($1)`, [accountIds]);
  }

  /** An empty table for a full run to fill: without the indexes of the list, which are dear to keep up row by row. */
  async prepare(manager: EntityManager): Promise<void> {
    await manager.query('DROP TABLE IF EXISTS account_next');
    await manager.query('CREATE TABLE account_next (LIKE account_current)');
    await manager.query('ALTER TABLE account_next ADD PRIMARY KEY (account_id)');
  }

  /** False before a run has prepared it, and in a database restored from a backup, which does without. */
  async isPrepared(manager: EntityManager): Promise<boolean> {
    const rows = await manager.query<unknown[]>(`SELECT WHERE to_regclass('account_next') IS NOT NULL`);
    return rows.length > 0;
  }

  /** What the run filled gets the list's indexes, once. */
  async complete(manager: EntityManager): Promise<void> {
    await manager.query('LOCK TABLE account_next IN SHARE ROW EXCLUSIVE MODE');
    const indexes = await manager.query<unknown[]>(
      `SELECT FROM pg_index WHERE indrelid = 'account_next'::regclass`,
    );
    if (indexes.length > 1) return;
    for (const column of SORTED_COLUMNS) {
      await manager.query(`CREATE INDEX ON account_next (${column}, account_id)`);
    }
    for (const column of FILTERED_COLUMNS) {
      await manager.query(`CREATE INDEX ON account_next (${column}, expected_loss, account_id)`);
    }
    await manager.query('ANALYZE account_next');
  }

  /**
   * What the run filled and completed takes the list's place. Whoever asks for the list while this waits for a long reader, such as a
   * backup, waits too: it does so for a moment only, and fails with `LOCK_NOT_AVAILABLE`.
   */
  async replace(manager: EntityManager): Promise<void> {
    await manager.query(`SET LOCAL lock_timeout = ${LONGEST_WAIT_MS}`);
    await manager.query('DROP TABLE account_current');
    await manager.query('ALTER TABLE account_next RENAME TO account_current');
  }
}
