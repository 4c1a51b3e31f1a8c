import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PackedScore } from './packed-score.js';

export interface ScoreToStore extends PackedScore {
  accountId: number;
}

export interface ScoreRow extends PackedScore {
  account_id: number;
  as_of: string;
  run_id: string;
  scorecard_id: number;
  currency: string;
}

export interface ScoredRange {
  asOf: string;
  runId: number;
  scorecardId: number;
  /** Accounts above the first and up to the second id. */
  after: number;
  upTo: number;
}

/** Of `account_score s` and its `score_run r`: what makes a ScoreRow. */
export const SCORE_COLUMNS = `s.account_id, s.as_of, s.run_id::text AS run_id, s.scorecard_id, s.mrr, s.health, s.confidence, s.band, s.status, s.tier,
  s.stage, s.features, s.dimension_scores, s.measure_scores, s.contributions, s.adjustments, r.currency`;

@Injectable()
export class ScoresRepository {
  /** The next accounts to look at, whether or not they will have a score. */
  async accountsAfter(manager: EntityManager, accountId: number, limit: number): Promise<number[]> {
    const rows = await manager.query<{ account_id: number }[]>(
      'SELECT account_id FROM account WHERE account_id > $1 AND merged_into IS NULL ORDER BY account_id LIMIT $2',
      [accountId, limit],
    );
    return rows.map((row) => row.account_id);
  }

  /** Scores of accounts that were deleted: what deletes an account knows nothing of scores. */
  async forgetDeleted(manager: EntityManager): Promise<void> {
    await manager.query(
      'DELETE FROM account_score s WHERE NOT EXISTS (SELECT FROM account a WHERE a.account_id = s.account_id)',
    );
  }

  /**
   * Says that these accounts' facts are about to be read. A fact that arrives from here on marks its account again, whether or
   * not it is read. Rows are locked in the order in which intake writes them.
   */
  async untouch(manager: EntityManager, accountIds: readonly number[]): Promise<void> {
    await manager.query(
      `DELETE FROM touched_account WHERE account_id IN (
         SELECT account_id FROM touched_account WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE)`,
      [accountIds],
    );
  }

  /** Puts the scores of a range in place of those that are there for the day. */
  async replace(manager: EntityManager, range: ScoredRange, scores: readonly ScoreToStore[]): Promise<void> {
    const { asOf, runId, scorecardId, after, upTo } = range;
    const ids = scores.map(({ accountId }) => accountId);
    await manager.query(
      `DELETE FROM account_score WHERE as_of = $1 AND account_id > $2 AND account_id <= $3 AND NOT account_id = ANY($4)`,
      [asOf, after, upTo, ids],
    );
    await manager.query(
      `INSERT INTO account_score AS s (as_of, run_id, scorecard_id, account_id, mrr, health, confidence, band, status, tier, stage,
         features, dimension_scores, measure_scores, contributions, adjustments)
       SELECT $1, $2, $3, t.account_id, t.mrr, t.health, t.confidence, t.band, t.status, t.tier, t.stage,
         t.features::int[], t.dimension_scores::smallint[], t.measure_scores::smallint[], t.contributions::smallint[], t.adjustments::smallint[]
       FROM unnest($4::int[], $5::bigint[], $6::smallint[], $7::smallint[], $8::smallint[], $9::smallint[], $10::text[], $11::text[],
         $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
         AS t(account_id, mrr, health, confidence, band, status, tier, stage, features, dimension_scores, measure_scores, contributions, adjustments)
       ON CONFLICT (account_id, as_of) DO UPDATE SET run_id = excluded.run_id, scorecard_id = excluded.scorecard_id, mrr = excluded.mrr,
         health = excluded.health, confidence = excluded.confidence, band = excluded.band, status = excluded.status, tier = excluded.tier,
         stage = excluded.stage, features = excluded.features, dimension_scores = excluded.dimension_scores,
         measure_scores = excluded.measure_scores, contributions = excluded.contributions, adjustments = excluded.adjustments`,
      [asOf, runId, scorecardId, ids, ...columnsOf(scores)],
    );
  }

  /** Of one account: that of the day, or the newest. */
  async find(manager: EntityManager, accountId: number, asOf: string | null): Promise<ScoreRow | null> {
    const rows = await manager.query<ScoreRow[]>(
      `SELECT ${SCORE_COLUMNS} FROM account_score s JOIN score_run r USING (run_id)
       WHERE s.account_id = $1 AND ($2::date IS NULL OR s.as_of = $2) ORDER BY s.as_of DESC LIMIT 1`,
      [accountId, asOf],
    );
    return rows[0] ?? null;
  }
}

/** Arrays of arrays would have to be of one length each, so each row's array goes as its text. */
function columnsOf(scores: readonly ScoreToStore[]): unknown[] {
  return [
    scores.map(({ mrr }) => mrr),
    scores.map(({ health }) => health),
    scores.map(({ confidence }) => confidence),
    scores.map(({ band }) => band),
    scores.map(({ status }) => status),
    scores.map(({ tier }) => tier),
    scores.map(({ stage }) => stage),
    scores.map(({ features }) => literal(features)),
    scores.map((score) => literal(score.dimension_scores)),
    scores.map((score) => literal(score.measure_scores)),
    scores.map(({ contributions }) => literal(contributions)),
    scores.map(({ adjustments }) => literal(adjustments)),
  ];
}

function literal(numbers: readonly (number | null)[]): string {
  return `{${numbers.map((number) => number ?? 'NULL').join(',')}}`;
}
