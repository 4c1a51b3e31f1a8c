import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { STATUSES } from '../../scoring/features/account-features.js';
import { BANDS } from '../../scoring/model/scorecard.js';
import { SCORE_COLUMNS, type ScoreRow } from '../../scoring/runs/scores.repository.js';
import type { AccountsQueryDto, Sort } from './accounts-query.dto.js';

export interface ListRow extends ScoreRow {
  id: string;
  name: string | null;
  csm: string | null;
  /** What the list is ordered by. */
  position: number | string | null;
}

/** Where the next page begins. The day stays that of the first page, also when a run ends in between. */
export type ListPosition = [day: string, value: number | string | null, accountId: number];

interface SortKey {
  sql: string;
  type: string;
}

/** Too little is known of an `unknown` account to say that it is worse than another. */
const SORT_KEYS: Record<string, SortKey> = {
  health: { sql: `CASE WHEN s.band <> ${BANDS.indexOf('unknown')} THEN s.health END`, type: 'smallint' },
  mrr: { sql: 's.mrr', type: 'bigint' },
  name: { sql: 'lower(state.name) COLLATE "C"', type: 'text' },
};

/** Nulls come last in either direction; the account's number makes the order total, so no page repeats or leaves out a row. */
function listSql({ sql, type }: SortKey, descending: boolean): string {
  const beyond = `(position ${descending ? '<' : '>'} $7::${type} OR position = $7 AND account_id > $8 OR position IS NULL)`;
  return `
SELECT * FROM (
  SELECT ${SCORE_COLUMNS}, account.id, state.name, state.csm, ${sql} AS position
  FROM account_score s JOIN score_run r USING (run_id) JOIN account USING (account_id)
  LEFT JOIN account_state state ON state.account_id = s.account_id AND state.id = account.id
    AND state.valid_from < $1::date + 1 AND state.valid_to >= $1::date + 1
  WHERE s.as_of = $1 AND account.merged_into IS NULL
    AND ($2::smallint IS NULL OR s.band = $2)
    AND CASE WHEN $3::smallint IS NULL THEN s.status <> ${STATUSES.indexOf('churned')} ELSE s.status = $3 END
    AND ($4::text IS NULL OR s.tier = $4) AND ($5::text IS NULL OR state.csm = $5)
    AND ($6::text IS NULL OR strpos(lower(state.name), lower($6)) > 0 OR strpos(lower(account.id), lower($6)) > 0)
) AS listed
WHERE $8::int IS NULL OR CASE WHEN $7::${type} IS NULL THEN position IS NULL AND account_id > $8 ELSE ${beyond} END
ORDER BY position ${descending ? 'DESC' : 'ASC'} NULLS LAST, account_id LIMIT $9`;
}

@Injectable()
export class AccountListRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest day with a finished run. */
  async newestDay(): Promise<string | null> {
    const [row] = await this.dataSource.query<{ day: string | null }[]>(
      `SELECT max(as_of) AS day FROM score_run WHERE status = 'succeeded'`,
    );
    return row?.day ?? null;
  }

  async isScored(day: string): Promise<boolean> {
    const rows = await this.dataSource.query<object[]>(
      `SELECT 1 FROM score_run WHERE as_of = $1 AND status = 'succeeded' LIMIT 1`,
      [day],
    );
    return rows.length > 0;
  }

  async list(
    day: string,
    query: AccountsQueryDto & { sort: Sort },
    after: ListPosition | null,
    limit: number,
  ): Promise<ListRow[]> {
    const key = SORT_KEYS[query.sort.replace('-', '')];
    if (!key) throw new RangeError(`no sort ${query.sort}`);
    const { band, status, tier, csm, q } = query;
    return this.dataSource.query<ListRow[]>(listSql(key, query.sort.startsWith('-')), [
      day,
      band === undefined ? null : BANDS.indexOf(band),
      status === undefined ? null : STATUSES.indexOf(status),
      tier ?? null,
      csm ?? null,
      q ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit,
    ]);
  }
}
