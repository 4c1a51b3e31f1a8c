import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Column, parameterOf, selected, separable } from '../../platform/database/column-parameters.js';
import { BANDS } from '../model/scorecard.js';
import { STATUSES } from '../features/account-features.js';
import { LEAVING_FIRST } from './score-fields.js';
import type { PackedScore } from './packed-score.js';
import { ITEM_VERSION } from './list-item.js';
import type { AccountListItem } from './list-item.dto.js';

export interface CurrentAccount {
  readonly accountId: number;
  readonly packed: PackedScore;
  readonly currency: string;
  readonly item: AccountListItem;
}

/** SQLSTATE of a lock timeout. */
export const LOCK_NOT_AVAILABLE = '55P03';
const MAX_WAIT_MS = 200;

/** A half of `account_current`: the one being read, or the one a full run fills to be read next. */
export type Target = 'read' | 'filling';

/** Sort keys of the list; each has an index. */
const SORTED_COLUMNS = [
  'urgency',
  'churn_risk',
  'health',
  'health_change30d',
  'mrr',
  'ltv',
  'expansion',
  'renews_at',
  'name',
];
/** Filtered by one of these, a list sorted by urgency is also a range of one index. */
const FILTERED_COLUMNS = ['band', 'status', 'tier', 'stage', 'csm'];

const indexesOf = (half: number): [name: string, columns: string][] => [
  ...SORTED_COLUMNS.map((column): [string, string] => [
    `account_current_${half}_${column}`,
    `${column}, account_id`,
  ]),
  ...FILTERED_COLUMNS.map((column): [string, string] => [
    `account_current_${half}_of_${column}`,
    `${column}, urgency, account_id`,
  ]),
];

const COLUMNS: readonly Column<CurrentAccount>[] = [
  { name: 'account_id', type: 'int', of: ({ accountId }) => accountId },
  { name: 'band', type: 'smallint', of: ({ packed }) => packed.band },
  { name: 'status', type: 'smallint', of: ({ packed }) => packed.status },
  { name: 'tier', type: 'text', of: ({ packed }) => separable(packed.tier) },
  { name: 'stage', type: 'text', of: ({ packed }) => separable(packed.stage ?? undefined) },
  { name: 'csm', type: 'text', of: ({ item }) => separable(item.csm ?? undefined) },
  { name: 'name', type: 'text', of: ({ item }) => separable(item.name?.toLowerCase()) },
  { name: 'urgency', type: 'bigint', of: urgencyOf },
  { name: 'expected_loss', type: 'bigint', of: ({ packed }) => packed.expected_loss },
  { name: 'churn_risk', type: 'smallint', of: ({ packed }) => packed.churn_risk },
  { name: 'health', type: 'smallint', of: ({ packed }) => (packed.band === UNKNOWN ? null : packed.health) },
  { name: 'health_change30d', type: 'smallint', of: ({ item: { health } }) => hundredths(health.change30d) },
  { name: 'mrr', type: 'bigint', of: ({ packed }) => packed.mrr },
  { name: 'ltv', type: 'bigint', of: ({ packed }) => packed.ltv },
  { name: 'expansion', type: 'smallint', of: ({ packed }) => packed.expansion },
  { name: 'renews_at', type: 'date', of: ({ packed }) => packed.renews_at },
  { name: 'currency', type: 'text', of: ({ currency }) => currency },
  { name: 'item', type: 'json', of: ({ item }) => JSON.stringify(item) },
];
const UNKNOWN = BANDS.indexOf('unknown');
const NAMES = COLUMNS.map(({ name }) => name).join(', ');
const ROWS = COLUMNS.map((column, index) => selected(column, index + 4)).join(', ');
const REPLACED = ['run_id', 'item_version', ...COLUMNS.slice(1).map(({ name }) => name)]
  .map((name) => `${name} = excluded.${name}`)
  .join(', ');

function urgencyOf({ packed }: CurrentAccount): number | null {
  const loss = packed.expected_loss;
  if (packed.status !== STATUSES.indexOf('leaving') || loss === 0) return loss;
  return LEAVING_FIRST + Math.min(LEAVING_FIRST - 1, loss ?? 0);
}

const hundredths = (points: number | null): number | null =>
  points === null ? null : Math.round(100 * points);

@Injectable()
export class CurrentListRepository {
  async write(
    manager: EntityManager,
    target: Target,
    runId: number,
    accounts: readonly CurrentAccount[],
  ): Promise<void> {
    if (accounts.length === 0) return;
    const half = await this.half(manager, target);
    await manager.query(
      `INSERT INTO account_current_${half} (half, run_id, item_version, ${NAMES})
       SELECT $1::smallint, $2::bigint, $3::smallint, ${ROWS}
       ON CONFLICT (account_id) DO UPDATE SET ${REPLACED}`,
      [half, runId, ITEM_VERSION, ...COLUMNS.map((column) => parameterOf(column, accounts))],
    );
  }

  async isEmpty(manager: EntityManager): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT FROM account_now LIMIT 1');
    return rows.length === 0;
  }

  async remove(manager: EntityManager, target: Target, accountIds: readonly number[]): Promise<void> {
    if (accountIds.length === 0) return;
    const half = await this.half(manager, target);
    await manager.query(`DELETE FROM account_current_${half} WHERE account_id = ANY($1)`, [accountIds]);
  }

  /**
   * Empties the unread half for a full run. Its indexes are built after it is filled, because maintaining them row by row
   * costs more than the rest of the run. Waits only briefly for long readers such as a backup, then fails with
   * `LOCK_NOT_AVAILABLE`, because requests for the list wait meanwhile.
   */
  async prepare(manager: EntityManager): Promise<void> {
    const half = await this.half(manager, 'filling');
    await manager.query(`SET LOCAL lock_timeout = ${MAX_WAIT_MS}`);
    await manager.query(`TRUNCATE account_current_${half}`);
    for (const [name] of indexesOf(half)) await manager.query(`DROP INDEX IF EXISTS ${name}`);
  }

  /** Creates the indexes of the filled half, once. */
  async complete(manager: EntityManager): Promise<void> {
    const half = await this.half(manager, 'filling');
    await manager.query(`LOCK TABLE account_current_${half} IN SHARE ROW EXCLUSIVE MODE`);
    for (const [name, columns] of indexesOf(half))
      await manager.query(`CREATE INDEX IF NOT EXISTS ${name} ON account_current_${half} (${columns})`);
    await manager.query(`ANALYZE account_current_${half}`);
  }

  /** Switches reads to the filled half, without blocking anyone. */
  async flip(manager: EntityManager): Promise<void> {
    await manager.query('UPDATE current_half SET half = 1 - half');
  }

  private async half(manager: EntityManager, target: Target): Promise<number> {
    const [row] = await manager.query<{ half: number }[]>('SELECT half FROM current_half');
    if (!row) throw new Error('current_half has no row');
    return target === 'read' ? row.half : 1 - row.half;
  }
}
