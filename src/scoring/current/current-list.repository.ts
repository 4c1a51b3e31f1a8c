import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BANDS } from '../model/scorecard.js';
import { STATUSES } from '../features/account-features.js';
import type { PackedScore } from '../runs/packed-score.js';
import type { ListItem } from './list-item.js';

export interface CurrentAccount {
  readonly accountId: number;
  readonly packed: PackedScore;
  readonly item: ListItem;
}

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
export type SortedColumn = (typeof SORTED_COLUMNS)[number];

const COLUMNS: readonly [name: string, type: string, of: (account: CurrentAccount) => unknown][] = [
  ['account_id', 'int', ({ accountId }) => accountId],
  ['band', 'smallint', ({ packed }) => packed.band],
  ['status', 'smallint', ({ packed }) => packed.status],
  ['tier', 'text', ({ packed }) => packed.tier],
  ['stage', 'text', ({ packed }) => packed.stage],
  ['csm', 'text', ({ item }) => item.csm],
  ['name', 'text', ({ item }) => item.name?.toLowerCase() ?? null],
  ['expected_loss', 'bigint', lossPosition],
  ['churn_risk', 'smallint', ({ packed }) => packed.risk?.[0] ?? null],
  ['health', 'smallint', ({ packed }) => (packed.band === BANDS.indexOf('unknown') ? null : packed.health)],
  ['health_change30d', 'smallint', ({ item: { health } }) => hundredths(health.change30d)],
  ['mrr', 'bigint', ({ packed }) => packed.mrr],
  ['ltv', 'bigint', ({ packed }) => packed.money?.[0] ?? null],
  ['expansion', 'smallint', ({ packed }) => packed.expansion],
  ['renews_at', 'date', ({ packed }) => packed.renews_at],
  ['item', 'json', ({ item }) => JSON.stringify(item)],
];
const NAMES = COLUMNS.map(([name]) => name).join(', ');
const PARAMETERS = COLUMNS.map(([, type], place) => `$${place + 1}::${type}[]`).join(', ');
const REPLACED = COLUMNS.slice(1)
  .map(([name]) => `${name} = excluded.${name}`)
  .join(', ');

/** Above every amount of money: those who have given notice come first, by what they pay. */
const LEAVING_FIRST = 2 ** 52;

function lossPosition({ packed }: CurrentAccount): number | null {
  const loss = packed.money?.[3] ?? null;
  if (packed.status !== STATUSES.indexOf('leaving')) return loss;
  return LEAVING_FIRST + Math.min(LEAVING_FIRST - 1, loss ?? 0);
}

const hundredths = (points: number | null): number | null =>
  points === null ? null : Math.round(100 * points);

@Injectable()
export class CurrentListRepository {
  async write(manager: EntityManager, target: Target, accounts: readonly CurrentAccount[]): Promise<void> {
    if (accounts.length === 0) return;
    await manager.query(
      `INSERT INTO ${target} (${NAMES}) SELECT ${NAMES} FROM unnest(${PARAMETERS}) AS t(${NAMES})
       ON CONFLICT (account_id) DO UPDATE SET ${REPLACED}`,
      COLUMNS.map(([, , of]) => accounts.map(of)),
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

  /** What the run filled takes the list's place. */
  async replace(manager: EntityManager): Promise<void> {
    for (const column of SORTED_COLUMNS) {
      await manager.query(`CREATE INDEX ON account_next (${column}, account_id)`);
    }
    await manager.query('ANALYZE account_next');
    await manager.query('DROP TABLE account_current');
    await manager.query('ALTER TABLE account_next RENAME TO account_current');
  }
}
