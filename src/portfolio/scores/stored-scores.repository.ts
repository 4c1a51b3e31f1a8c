import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared, queryPrepared } from '../../platform/database/prepared.js';
import { addDays } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { LayoutsRepository } from '../../scoring/features/layouts.repository.js';
import { ModelsRepository } from '../../scoring/models/models.repository.js';
import { unpack } from '../../scoring/scores/packed-score.js';
import { SCORE_COLUMNS, type ScoreRow, ScoresRepository } from '../../scoring/scores/scores.repository.js';
import { ScorecardsRepository } from '../../scoring/scorecards/scorecards.repository.js';
import type { DescribedScore } from './describe-score.js';

export interface StoredScore extends DescribedScore {
  readonly accountId: number;
  /** The UTC day. */
  readonly asOf: string;
  readonly runId: string;
}

/** A score with earlier ones. */
export interface ComparedScore {
  readonly score: StoredScore;
  /** The latest score from at least 30 days before; null if there is none. */
  readonly monthBefore: StoredScore | null;
  /** Hundredths of a point, the given number of days before or up to a week earlier; absent if unknown. */
  readonly health: { readonly days7: number | undefined; readonly days30: number | undefined };
}

interface ComparedRow extends ScoreRow {
  days7: number | null;
}

const MONTH_DAYS = 30;
/** Health may be this many days older than requested. */
const AROUND_DAYS = 7;

const comparedSql = (day: string): string => `
WITH shown AS (SELECT ${SCORE_COLUMNS} FROM account_score s WHERE s.account_id = $1${day} ORDER BY s.as_of DESC LIMIT 1)
SELECT shown.*, (SELECT w.health FROM account_score w WHERE w.account_id = $1
    AND w.as_of BETWEEN shown.as_of - 7 - ${AROUND_DAYS} AND shown.as_of - 7 ORDER BY w.as_of DESC LIMIT 1) AS days7
FROM shown
UNION ALL
SELECT before.*, NULL FROM shown CROSS JOIN LATERAL (SELECT ${SCORE_COLUMNS} FROM account_score s
  WHERE s.account_id = $1 AND s.as_of <= shown.as_of - ${MONTH_DAYS} ORDER BY s.as_of DESC LIMIT 1) AS before
ORDER BY as_of DESC`;

const NEWEST = prepared(comparedSql(''));
const OF_DAY = prepared(comparedSql(' AND s.as_of = $2'));

/** Stored scores with their scorecard and model. */
@Injectable()
export class StoredScoresRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scores: ScoresRepository,
    private readonly scorecards: ScorecardsRepository,
    private readonly layouts: LayoutsRepository,
    private readonly models: ModelsRepository,
  ) {}

  /** The score of the day; `null`: the latest. */
  async find(accountId: number, asOf: string | null): Promise<StoredScore | null> {
    const row = await this.scores.find(this.dataSource.manager, accountId, asOf);
    return row && this.open(row);
  }

  /** The same with earlier scores, in one round trip. */
  async findCompared(accountId: number, asOf: string | null): Promise<ComparedScore | null> {
    const [statement, values] = asOf === null ? [NEWEST, [accountId]] : [OF_DAY, [accountId, asOf]];
    const [row, before] = await queryPrepared<ComparedRow>(this.dataSource, statement, values);
    if (!row) return null;
    const isAround = before && before.as_of >= addDays(row.as_of, -MONTH_DAYS - AROUND_DAYS);
    return {
      score: await this.open(row),
      monthBefore: before ? await this.open(before) : null,
      health: {
        days7: row.days7 ?? undefined,
        days30: isAround ? (before.health ?? undefined) : undefined,
      },
    };
  }

  /** Throws 404 `not_scored`. */
  async get(accountId: number, asOf: string | null): Promise<StoredScore> {
    const stored = await this.find(accountId, asOf);
    if (stored) return stored;
    throw notScored(asOf);
  }

  /** The latest score of each account up to the day, by account number; absent if there is none. */
  async upTo(accountIds: readonly number[], day: string): Promise<Map<number, StoredScore>> {
    const rows = await this.dataSource.query<ScoreRow[]>(
      `SELECT s.* FROM unnest($1::int[]) AS requested(account_id)
       CROSS JOIN LATERAL (SELECT ${SCORE_COLUMNS} FROM account_score s
         WHERE s.account_id = requested.account_id AND s.as_of <= $2 ORDER BY s.as_of DESC LIMIT 1) AS s`,
      [accountIds, day],
    );
    const found = new Map<number, StoredScore>();
    for (const row of rows) found.set(row.account_id, await this.open(row));
    return found;
  }

  /** From the first day to the last, oldest first. */
  async history(accountId: number, from: string, to: string): Promise<StoredScore[]> {
    const rows = await this.scores.history(this.dataSource.manager, accountId, from, to);
    const opened: StoredScore[] = [];
    for (const row of rows) opened.push(await this.open(row));
    return opened;
  }

  /** With its scorecard and model. */
  async open(row: ScoreRow): Promise<StoredScore> {
    const { layout } = await this.layouts.get(row.layout_id);
    return {
      accountId: row.account_id,
      asOf: row.as_of,
      runId: row.run_id,
      card: await this.scorecards.get(row.scorecard_id),
      model: await this.models.get(row.model_id),
      score: unpack(layout, row),
      currency: row.currency,
    };
  }
}

export function notScored(asOf: string | null): DomainError {
  const day = asOf === null ? 'for this account' : `for this account as of ${asOf}`;
  const detail = `No score is stored ${day}: request a run with POST /v1/score-runs`;
  return new DomainError('not_scored', 404, detail, asOf === null ? {} : { pointer: '/asOf' });
}
