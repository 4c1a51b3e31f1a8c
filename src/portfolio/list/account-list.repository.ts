import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { joinAccountState } from '../../accounts/states/as-of.sql.js';
import { prepared, queryPrepared } from '../../platform/database/prepared.js';
import { LEAVING_FIRST, type SortedColumn } from '../../scoring/current/current-list.repository.js';
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
  /** As JSON: it goes out as it is stored. */
  item: string;
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

type Filters = Pick<AccountsQueryDto, 'band' | 'status' | 'tier' | 'stage' | 'csm' | 'renewsWithin' | 'q'>;

const CHURNED = STATUSES.indexOf('churned');
const LEAVING = STATUSES.indexOf('leaving');
const UNKNOWN = BANDS.indexOf('unknown');

/** As `toLowerCase` has made it in the list of today; the database's own locale knows ASCII only. */
const NAME_THEN = 'lower(state.name COLLATE "und-x-icu")';

const KEYS: Record<SortKey, { column: SortedColumn; type: string; past: string }> = {
  expectedLoss: {
    column: 'expected_loss',
    type: 'bigint',
    past: `CASE WHEN s.status = ${LEAVING} AND s.money[4] IS DISTINCT FROM 0
      THEN ${LEAVING_FIRST} + coalesce(s.money[4], 0) ELSE s.money[4] END`,
  },
  churnRisk: { column: 'churn_risk', type: 'smallint', past: 's.risk[1]' },
  // Too little is known of an `unknown` account to say that it is worse than another.
  health: { column: 'health', type: 'smallint', past: `CASE WHEN s.band <> ${UNKNOWN} THEN s.health END` },
  healthChange30d: { column: 'health_change30d', type: 'smallint', past: 's.health - before.health' },
  mrr: { column: 'mrr', type: 'bigint', past: 's.mrr' },
  ltv: { column: 'ltv', type: 'bigint', past: 's.money[1]' },
  expansion: { column: 'expansion', type: 'smallint', past: 's.expansion' },
  renewsAt: { column: 'renews_at', type: 'date', past: 's.renews_at' },
  name: { column: 'name', type: 'text', past: `${NAME_THEN} COLLATE "C"` },
};

interface Filtered extends Record<Exclude<keyof Filters, 'renewsWithin' | 'q'>, string> {
  readonly renewsAt: string;
  /** In lower case. */
  readonly name: string;
  readonly id: string;
}

const CURRENT: Filtered = {
  band: 'c.band',
  status: 'c.status',
  tier: 'c.tier',
  stage: 'c.stage',
  csm: 'c.csm',
  renewsAt: 'c.renews_at',
  name: 'c.name',
  id: `c.item->>'id'`,
};

const PAST: Filtered = {
  band: 's.band',
  status: 's.status',
  tier: 's.tier',
  stage: 's.stage',
  csm: 'state.csm',
  renewsAt: 's.renews_at',
  name: NAME_THEN,
  id: 'a.id',
};

/** Row by row over the key: as a join it might be made for all accounts. */
const STILL_THERE = '(SELECT a.merged_into IS NULL FROM account a WHERE a.account_id = c.account_id)';

/** What is asked for often is planned once a connection; whoever asks for ever new things has that planned each time. */
const MOST_PREPARED = 500;

@Injectable()
export class AccountListRepository {
  private readonly known = new Set<string>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * The newest scores. Two ranges of one index, read in its order: what has a value, then what has none, which comes last in
   * either direction. The account's number makes the order total, so no page repeats or leaves out a row.
   */
  async current(
    today: string,
    filters: Filters,
    { key, descending }: ListOrder,
    after: ListPosition | null,
    limit: number,
  ): Promise<CurrentRow[]> {
    const { column } = KEYS[key];
    const [, value = null, accountId = 0] = after ?? [];
    const direction = descending ? 'DESC' : 'ASC';
    const order = `c.${column} ${direction} NULLS ${descending ? 'FIRST' : 'LAST'}, c.account_id ${direction}`;
    const rows: CurrentRow[] = [];
    // As many as the page holds, also where less is left: else each remainder would be a statement of its own to prepare.
    const read = async (range: (values: Values) => string, rangeOrder: string): Promise<void> => {
      const values = new Values();
      const found = await this.read<CurrentRow>(
        `SELECT c.account_id, c.${column} AS position, c.item::text AS item FROM account_current c
         WHERE ${range(values)} AND ${conditions(filters, today, CURRENT, values)} AND ${STILL_THERE}
         ORDER BY ${rangeOrder} LIMIT ${limit}`,
        values,
      );
      rows.push(...found.slice(0, limit - rows.length));
    };
    const known = `c.${column} IS NOT NULL${key === 'expectedLoss' ? placeOf(filters) : ''}`;
    if (after === null) await read(() => known, order);
    else if (value !== null) {
      const beyond = descending ? '<' : '>';
      await read(
        (values) =>
          `${known} AND (c.${column}, c.account_id) ${beyond} (${values.add(value)}, ${values.add(accountId)})`,
        order,
      );
    }
    if (rows.length < limit) {
      const from = value === null ? accountId : 0;
      await read((values) => `c.${column} IS NULL AND c.account_id > ${values.add(from)}`, 'c.account_id');
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
    const values = new Values();
    const on = `${values.add(day)}::date`;
    const condition = conditions(filters, day, PAST, values);
    let beyond = 'true';
    if (after !== null) {
      const [, position, accountId] = after;
      const number = values.add(accountId);
      beyond = `position IS NULL AND account_id > ${number}`;
      if (position !== null) {
        const place = `${values.add(position)}::${type}`;
        beyond = `(position ${descending ? '<' : '>'} ${place} OR position = ${place} AND account_id > ${number} OR position IS NULL)`;
      }
    }
    return this.dataSource.query<PastRow[]>(
      `SELECT * FROM (
         SELECT ${SCORE_COLUMNS}, a.id, state.name, state.csm, before.health AS health_before, ${past} AS position
         FROM account_score s JOIN account a USING (account_id)
         ${joinAccountState('a', `(${on} + 1)`, 'state')}
         LEFT JOIN LATERAL (SELECT health FROM account_score b WHERE b.account_id = s.account_id
           AND b.as_of <= ${on} - 30 AND b.as_of >= ${on} - 37 ORDER BY b.as_of DESC LIMIT 1) AS before ON true
         WHERE s.as_of = ${on} AND a.merged_into IS NULL AND ${condition}
       ) AS listed
       WHERE ${beyond}
       ORDER BY position ${descending ? 'DESC' : 'ASC'} NULLS LAST, account_id LIMIT ${limit}`,
      values.all,
    );
  }

  private read<Row extends object>(text: string, values: Values): Promise<Row[]> {
    if (this.known.size < MOST_PREPARED) this.known.add(text);
    return queryPrepared(this.dataSource, this.known.has(text) ? prepared(text) : { text }, values.all);
  }
}

/** The parameters of a statement that is put together from parts. */
class Values {
  readonly all: unknown[] = [];

  /** How the statement names it. */
  add(value: unknown): string {
    return `$${this.all.push(value)}`;
  }
}

/** Churned accounts only when asked for. Renewals count from `day` on. */
function conditions(
  { band, status, tier, stage, csm, renewsWithin, q }: Filters,
  day: string,
  of: Filtered,
  values: Values,
): string {
  const found = [
    status === undefined
      ? `${of.status} <> ${CHURNED}`
      : `${of.status} = ${values.add(STATUSES.indexOf(status))}`,
  ];
  if (band !== undefined) found.push(`${of.band} = ${values.add(BANDS.indexOf(band))}`);
  if (tier !== undefined) found.push(`${of.tier} = ${values.add(tier)}`);
  if (stage !== undefined) found.push(`${of.stage} = ${values.add(stage)}`);
  if (csm !== undefined) found.push(`${of.csm} = ${values.add(csm)}`);
  if (renewsWithin !== undefined) {
    const from = `${values.add(day)}::date`;
    found.push(`${of.renewsAt} BETWEEN ${from} AND ${from} + ${values.add(renewsWithin)}::int`);
  }
  if (q !== undefined) {
    const name = `strpos(${of.name}, ${values.add(q.toLowerCase())}::text)`;
    const id = `strpos(lower(${of.id}), lower(${values.add(q)}::text))`;
    found.push(`(${name} > 0 OR ${id} > 0)`);
  }
  return found.join(' AND ');
}

/** Those who have given notice lie together: the others need not be looked for behind them. */
function placeOf({ status }: Filters): string {
  return status === undefined || status === 'leaving' ? '' : ` AND c.expected_loss < ${LEAVING_FIRST}`;
}
