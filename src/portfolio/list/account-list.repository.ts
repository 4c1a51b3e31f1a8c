import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SortedColumn } from '../../scoring/current/current-list.repository.js';
import type { ListItem } from '../../scoring/current/list-item.js';
import { STATUSES } from '../../scoring/features/account-features.js';
import { BANDS } from '../../scoring/model/scorecard.js';
import { SCORE_COLUMNS, type ScoreRow } from '../../scoring/runs/scores.repository.js';
import type { AccountsQueryDto, SortKey } from './accounts-query.dto.js';

interface Positioned {
  account_id: number;
  /** What the list is ordered by. */
  position: number | string | null;
}

export interface CurrentRow extends Positioned {
  item: ListItem;
}

export interface PastRow extends Positioned, ScoreRow {
  id: string;
  name: string | null;
  csm: string | null;
  health_before: number | null;
}

/** Where the next page begins; the day stays that of the first page, null: the newest scores. */
export type ListPosition = [day: string | null, value: number | string | null, accountId: number];

export interface ListOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

type Filters = Pick<AccountsQueryDto, 'band' | 'status' | 'tier' | 'stage' | 'csm' | 'q'>;

const CHURNED = STATUSES.indexOf('churned');
const LEAVING = STATUSES.indexOf('leaving');
const UNKNOWN = BANDS.indexOf('unknown');

const KEYS: Record<SortKey, { column: SortedColumn; type: string; past: string }> = {
  expectedLoss: {
    column: 'expected_loss',
    type: 'bigint',
    past: `CASE WHEN s.status = ${LEAVING} THEN 4503599627370496 + coalesce(s.money[4], 0) ELSE s.money[4] END`,
  },
  churnRisk: { column: 'churn_risk', type: 'smallint', past: 's.risk[1]' },
  // Too little is known of an `unknown` account to say that it is worse than another.
  health: { column: 'health', type: 'smallint', past: `CASE WHEN s.band <> ${UNKNOWN} THEN s.health END` },
  healthChange30d: { column: 'health_change30d', type: 'smallint', past: 's.health - before.health' },
  mrr: { column: 'mrr', type: 'bigint', past: 's.mrr' },
  ltv: { column: 'ltv', type: 'bigint', past: 's.money[1]' },
  expansion: { column: 'expansion', type: 'smallint', past: 's.expansion' },
  renewsAt: { column: 'renews_at', type: 'date', past: 's.renews_at' },
  name: { column: 'name', type: 'text', past: 'lower(state.name) COLLATE "C"' },
};

/** $1 band, $2 status, $3 tier, $4 stage, $5 csm, $6 part of the name or id; each null where it does not matter. */
function filtersOn(of: Record<keyof Filters | 'id', string>): string {
  return `($1::smallint IS NULL OR ${of.band} = $1)
    AND CASE WHEN $2::smallint IS NULL THEN ${of.status} <> ${CHURNED} ELSE ${of.status} = $2 END
    AND ($3::text IS NULL OR ${of.tier} = $3) AND ($4::text IS NULL OR ${of.stage} = $4) AND ($5::text IS NULL OR ${of.csm} = $5)
    AND ($6::text IS NULL OR strpos(${of.q}, lower($6)) > 0 OR strpos(lower(${of.id}), lower($6)) > 0)`;
}

const CURRENT_FILTERS = filtersOn({
  band: 'c.band',
  status: 'c.status',
  tier: 'c.tier',
  stage: 'c.stage',
  csm: 'c.csm',
  q: 'c.name',
  id: `c.item->>'id'`,
});

/** Row by row over the key: as a join it might be made for all accounts. */
const STILL_THERE = '(SELECT a.merged_into IS NULL FROM account a WHERE a.account_id = c.account_id)';

const PAST_FILTERS = filtersOn({
  band: 's.band',
  status: 's.status',
  tier: 's.tier',
  stage: 's.stage',
  csm: 'state.csm',
  q: 'lower(state.name)',
  id: 'a.id',
});

@Injectable()
export class AccountListRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The newest scores. Two ranges of one index, read in its order: what has a value, then what has none, which comes last in
   * either direction. The account's number makes the order total, so no page repeats or leaves out a row.
   */
  async current(
    filters: Filters,
    { key, descending }: ListOrder,
    after: ListPosition | null,
    limit: number,
  ): Promise<CurrentRow[]> {
    const { column, type } = KEYS[key];
    const [, value = null, accountId = 0] = after ?? [];
    const rows: CurrentRow[] = [];
    const read = async (range: string, order: string, from: unknown[]): Promise<void> => {
      const found = await this.dataSource.query<CurrentRow[]>(
        `SELECT c.account_id, c.${column} AS position, c.item FROM account_current c
         WHERE ${range} AND ${CURRENT_FILTERS} AND ${STILL_THERE} ORDER BY ${order} LIMIT ${limit - rows.length}`,
        [...valuesOf(filters), ...from],
      );
      rows.push(...found);
    };
    const direction = descending ? 'DESC' : 'ASC';
    const order = `c.${column} ${direction} NULLS ${descending ? 'FIRST' : 'LAST'}, c.account_id ${direction}`;
    if (after === null) await read(`c.${column} IS NOT NULL`, order, []);
    else if (value !== null) {
      const beyond = `c.${column} IS NOT NULL AND (c.${column}, c.account_id) ${descending ? '<' : '>'} ($7::${type}, $8::int)`;
      await read(beyond, order, [value, accountId]);
    }
    if (rows.length < limit) {
      await read(`c.${column} IS NULL AND c.account_id > $7`, 'c.account_id', [
        value === null ? accountId : 0,
      ]);
    }
    return rows;
  }

  /** The scores of a past day; it is put in order when it is asked for. */
  async past(
    day: string,
    filters: Filters,
    { key, descending }: ListOrder,
    after: ListPosition | null,
    limit: number,
  ): Promise<PastRow[]> {
    const { type, past } = KEYS[key];
    const beyond = `(position ${descending ? '<' : '>'} $8::${type} OR position = $8 AND account_id > $9 OR position IS NULL)`;
    return this.dataSource.query<PastRow[]>(
      `SELECT * FROM (
         SELECT ${SCORE_COLUMNS}, a.id, state.name, state.csm, before.health AS health_before, ${past} AS position
         FROM account_score s JOIN account a USING (account_id)
         LEFT JOIN account_state state ON state.account_id = s.account_id AND state.id = a.id
           AND state.valid_from < $7::date + 1 AND state.valid_to >= $7::date + 1
         LEFT JOIN LATERAL (SELECT health FROM account_score b WHERE b.account_id = s.account_id
           AND b.as_of <= $7::date - 30 AND b.as_of >= $7::date - 37 ORDER BY b.as_of DESC LIMIT 1) AS before ON true
         WHERE s.as_of = $7 AND a.merged_into IS NULL AND ${PAST_FILTERS}
       ) AS listed
       WHERE $9::int IS NULL OR CASE WHEN $8::${type} IS NULL THEN position IS NULL AND account_id > $9 ELSE ${beyond} END
       ORDER BY position ${descending ? 'DESC' : 'ASC'} NULLS LAST, account_id LIMIT $10`,
      [...valuesOf(filters), day, after?.[1] ?? null, after?.[2] ?? null, limit],
    );
  }
}

function valuesOf({ band, status, tier, stage, csm, q }: Filters): unknown[] {
  return [
    band === undefined ? null : BANDS.indexOf(band),
    status === undefined ? null : STATUSES.indexOf(status),
    tier ?? null,
    stage ?? null,
    csm ?? null,
    q ?? null,
  ];
}
