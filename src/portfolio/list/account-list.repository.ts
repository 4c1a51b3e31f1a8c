import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared, queryPrepared } from '../../platform/database/prepared.js';
import { ITEM_VERSION } from '../../scoring/scores/list-item.js';
import {
  LEAVING_FIRST,
  pastScores,
  SCORE_FIELDS,
  type SortableField,
} from '../../scoring/scores/score-fields.js';
import { SCORE_COLUMNS, type ScoreRow } from '../../scoring/scores/scores.repository.js';
import { conditions, type ListFilters, ofAccount, orderOf, Values } from './list-filters.sql.js';

interface Positioned {
  account_id: number;
  /** What the list is ordered by. */
  position: number | string | null;
}

export interface CurrentRow extends Positioned {
  /** JSON, sent as stored. Null if stored by a release with another shape. */
  item: string | null;
}

export interface PastRow extends Positioned, ScoreRow {
  id: string;
  name: string | null;
  csm: string | null;
  health_before: number | null;
}

/** Where the next page begins. The day stays that of the first page; null means the newest scores. */
export type ListPosition = [day: string | null, value: number | string | null, accountId: number];

export interface ListOrder {
  readonly key: SortableField;
  readonly descending: boolean;
}

const STILL_THERE = ofAccount('merged_into IS NULL');

/** Common queries are prepared once per connection; others are planned each time. */
const MAX_PREPARED = 500;

@Injectable()
export class AccountListRepository {
  private readonly known = new Set<string>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * The newest scores, from two ranges of one index read in order: rows with a value, then rows without, which come last in
   * either direction. The account's number makes the order total, so pages never repeat or skip a row.
   */
  async current(
    today: string,
    filters: ListFilters,
    { key, descending }: ListOrder,
    after: ListPosition | null,
    limit: number,
  ): Promise<CurrentRow[]> {
    const column = orderOf(key, 'today');
    const [, value = null, accountId = 0] = after ?? [];
    const direction = descending ? 'DESC' : 'ASC';
    const order = `${column} ${direction} NULLS ${descending ? 'FIRST' : 'LAST'}, c.account_id ${direction}`;
    const rows: CurrentRow[] = [];
    // Always the full page size: otherwise each remainder would need its own prepared statement.
    const read = async (range: (values: Values) => string, rangeOrder: string): Promise<void> => {
      const values = new Values();
      const found = await this.read<CurrentRow>(
        `SELECT c.account_id, ${column} AS position, CASE WHEN c.item_version = ${ITEM_VERSION} THEN c.item::text END AS item FROM account_now c
         WHERE ${range(values)} AND ${conditions(filters, today, 'today', values)} AND ${STILL_THERE}
         ORDER BY ${rangeOrder} LIMIT ${limit}`,
        values,
      );
      rows.push(...found.slice(0, limit - rows.length));
    };
    const known = `${column} IS NOT NULL${key === 'expectedLoss' ? placeOf(filters) : ''}`;
    if (after === null) await read(() => known, order);
    else if (value !== null) {
      const beyond = descending ? '<' : '>';
      await read(
        (values) =>
          `${known} AND (${column}, c.account_id) ${beyond} (${values.add(value)}, ${values.add(accountId)})`,
        order,
      );
    }
    if (rows.length < limit) {
      const from = value === null ? accountId : 0;
      await read((values) => `${column} IS NULL AND c.account_id > ${values.add(from)}`, 'c.account_id');
    }
    return rows;
  }

  /** The scores of a past day, sorted on request. */
  async past(
    day: string,
    filters: ListFilters,
    { key, descending }: ListOrder,
    after: ListPosition | null,
    limit: number,
  ): Promise<PastRow[]> {
    const { type } = SCORE_FIELDS[key];
    const values = new Values();
    const on = `${values.add(day)}::date`;
    const condition = conditions(filters, day, 'past', values);
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
         SELECT ${SCORE_COLUMNS}, a.id, state.name, state.csm, before.health AS health_before, ${orderOf(key, 'past')} AS position
         FROM ${pastScores(on)} AND ${condition}
       ) AS listed
       WHERE ${beyond}
       ORDER BY position ${descending ? 'DESC' : 'ASC'} NULLS LAST, account_id LIMIT ${limit}`,
      values.all,
    );
  }

  private read<Row extends object>(text: string, values: Values): Promise<Row[]> {
    if (this.known.size < MAX_PREPARED) this.known.add(text);
    return queryPrepared(this.dataSource, this.known.has(text) ? prepared(text) : { text }, values.all);
  }
}

/** Accounts that have given notice are contiguous in the index. */
function placeOf({ status }: ListFilters): string {
  return status === undefined || status.includes('leaving')
    ? ''
    : ` AND ${orderOf('expectedLoss', 'today')} < ${LEAVING_FIRST}`;
}
