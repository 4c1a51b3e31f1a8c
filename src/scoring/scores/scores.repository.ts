import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Column, parameterOf, selected, separable } from '../../platform/database/column-parameters.js';
import type { PackedScore } from './packed-score.js';

export interface ScoreToStore {
  readonly accountId: number;
  readonly packed: PackedScore;
}

export interface ScoreRow extends PackedScore {
  account_id: number;
  as_of: string;
  run_id: string;
  model_id: number;
  currency: string;
}

/** Values shared by all scores of one write. */
export interface ScoreBatch {
  asOf: string;
  runId: number;
  modelId: number;
  currency: string;
}

/** What is needed to detect changes that cause events. */
export type ComparedScore = Pick<PackedScore, 'band' | 'status' | 'churn_risk' | 'signals'>;

/** The columns of `account_score` in addition to those of the batch. */
const COLUMNS: readonly Column<ScoreToStore>[] = [
  { name: 'account_id', type: 'int', of: ({ accountId }) => accountId },
  { name: 'layout_id', type: 'smallint', of: ({ packed }) => packed.layout_id },
  { name: 'scorecard_id', type: 'int', of: ({ packed }) => packed.scorecard_id },
  { name: 'mrr', type: 'bigint', of: ({ packed }) => packed.mrr },
  { name: 'health', type: 'smallint', of: ({ packed }) => packed.health },
  { name: 'confidence', type: 'smallint', of: ({ packed }) => packed.confidence },
  { name: 'band', type: 'smallint', of: ({ packed }) => packed.band },
  { name: 'status', type: 'smallint', of: ({ packed }) => packed.status },
  { name: 'tier', type: 'text', of: ({ packed }) => separable(packed.tier) },
  { name: 'stage', type: 'text', of: ({ packed }) => separable(packed.stage ?? undefined) },
  { name: 'renews_at', type: 'date', of: ({ packed }) => packed.renews_at },
  { name: 'features', type: 'int[]', of: ({ packed }) => packed.features },
  { name: 'contributions', type: 'smallint[]', of: ({ packed }) => packed.contributions },
  { name: 'adjustments', type: 'smallint[]', of: ({ packed }) => packed.adjustments },
  { name: 'churn_risk', type: 'smallint', of: ({ packed }) => packed.churn_risk },
  { name: 'churn_risk_low', type: 'smallint', of: ({ packed }) => packed.churn_risk_low },
  { name: 'churn_risk_high', type: 'smallint', of: ({ packed }) => packed.churn_risk_high },
  { name: 'churn_risk12m', type: 'smallint', of: ({ packed }) => packed.churn_risk12m },
  { name: 'ltv', type: 'bigint', of: ({ packed }) => packed.ltv },
  { name: 'ltv_low', type: 'bigint', of: ({ packed }) => packed.ltv_low },
  { name: 'ltv_high', type: 'bigint', of: ({ packed }) => packed.ltv_high },
  { name: 'expected_loss', type: 'bigint', of: ({ packed }) => packed.expected_loss },
  { name: 'expansion', type: 'smallint', of: ({ packed }) => packed.expansion },
  { name: 'contraction', type: 'smallint', of: ({ packed }) => packed.contraction },
  { name: 'signals', type: 'jsonb', of: ({ packed }) => packed.signals && JSON.stringify(packed.signals) },
];
/** Columns of a ScoreRow, from `account_score s`. */
export const SCORE_COLUMNS = [
  's.as_of, s.run_id::text AS run_id, s.model_id, s.currency',
  ...COLUMNS.map(({ name }) => `s.${name}`),
].join(', ');
const NAMES = COLUMNS.map(({ name }) => name).join(', ');
const ROWS = COLUMNS.map((column, place) => selected(column, place + 5)).join(', ');
const REPLACED = ['run_id', 'model_id', 'currency', ...COLUMNS.slice(1).map(({ name }) => name)]
  .map((name) => `${name} = excluded.${name}`)
  .join(', ');

const OF_ACCOUNTS = ['account_score', 'account_current', 'score_override'];

@Injectable()
export class ScoresRepository {
  /** The next accounts to process, whether or not they will have a score. */
  async accountsAfter(manager: EntityManager, accountId: number, limit: number): Promise<number[]> {
    const rows = await manager.query<{ account_id: number }[]>(
      'SELECT account_id FROM account WHERE account_id > $1 AND merged_into IS NULL ORDER BY account_id LIMIT $2',
      [accountId, limit],
    );
    return rows.map((row) => row.account_id);
  }

  /** Deletes scores of deleted accounts; the code that deletes accounts does not know about scores. */
  async forgetDeleted(manager: EntityManager): Promise<void> {
    for (const table of OF_ACCOUNTS) {
      await manager.query(
        `DELETE FROM ${table} s WHERE s.account_id IS NOT NULL
         AND NOT EXISTS (SELECT FROM account a WHERE a.account_id = s.account_id)`,
      );
    }
  }

  /** The same for those of the accounts that were deleted. */
  async forgetDeletedOf(manager: EntityManager, accountIds: readonly number[]): Promise<void> {
    const gone = await manager.query<{ account_id: number }[]>(
      `SELECT requested.account_id FROM unnest($1::int[]) AS requested(account_id)
       WHERE NOT EXISTS (SELECT FROM account a WHERE a.account_id = requested.account_id)`,
      [accountIds],
    );
    if (gone.length === 0) return;
    const ids = gone.map((row) => row.account_id);
    for (const table of OF_ACCOUNTS)
      await manager.query(`DELETE FROM ${table} WHERE account_id = ANY($1)`, [ids]);
  }

  /** Replaces the scores of some accounts for the day; an account without a new score has none afterwards. */
  async replace(
    manager: EntityManager,
    batch: ScoreBatch,
    accountIds: readonly number[],
    scores: readonly ScoreToStore[],
  ): Promise<void> {
    const scored = new Set(scores.map(({ accountId }) => accountId));
    const gone = accountIds.filter((accountId) => !scored.has(accountId));
    if (gone.length > 0) {
      await manager.query('DELETE FROM account_score WHERE as_of = $1 AND account_id = ANY($2)', [
        batch.asOf,
        gone,
      ]);
    }
    await manager.query(
      `INSERT INTO account_score AS s (as_of, run_id, model_id, currency, ${NAMES})
       SELECT $1::date, $2::bigint, $3::int, $4, ${ROWS}
       ON CONFLICT (account_id, as_of) DO UPDATE SET ${REPLACED}, scored_at = now()`,
      [
        batch.asOf,
        batch.runId,
        batch.modelId,
        batch.currency,
        ...COLUMNS.map((column) => parameterOf(column, scores)),
      ],
    );
  }

  /** One account's score: that of the day, or the latest. */
  async find(manager: EntityManager, accountId: number, asOf: string | null): Promise<ScoreRow | null> {
    const rows = await manager.query<ScoreRow[]>(
      `SELECT ${SCORE_COLUMNS} FROM account_score s
       WHERE s.account_id = $1 AND ($2::date IS NULL OR s.as_of = $2) ORDER BY s.as_of DESC LIMIT 1`,
      [accountId, asOf],
    );
    return rows[0] ?? null;
  }

  /** One account's scores from the first day to the last, oldest first. */
  async history(manager: EntityManager, accountId: number, from: string, to: string): Promise<ScoreRow[]> {
    return manager.query<ScoreRow[]>(
      `SELECT ${SCORE_COLUMNS} FROM account_score s
       WHERE s.account_id = $1 AND s.as_of BETWEEN $2 AND $3 ORDER BY s.as_of`,
      [accountId, from, to],
    );
  }

  /** From each account's latest score, before it is rescored; absent if it never was scored. */
  async before(manager: EntityManager, accountIds: readonly number[]): Promise<Map<number, ComparedScore>> {
    const rows = await manager.query<(ComparedScore & { account_id: number })[]>(
      `SELECT requested.account_id, s.* FROM unnest($1::int[]) AS requested(account_id)
       CROSS JOIN LATERAL (SELECT band, status, churn_risk, signals FROM account_score s
         WHERE s.account_id = requested.account_id ORDER BY s.as_of DESC LIMIT 1) AS s`,
      [accountIds],
    );
    return new Map(rows.map((row) => [row.account_id, row]));
  }

  /** Hundredths of a point, as of the day or up to a week before. */
  async healthAround(
    manager: EntityManager,
    accountIds: readonly number[],
    day: string,
  ): Promise<Map<number, number>> {
    const rows = await manager.query<{ account_id: number; health: number | null }[]>(
      `SELECT requested.account_id, s.health FROM unnest($1::int[]) AS requested(account_id)
       CROSS JOIN LATERAL (SELECT health FROM account_score s WHERE s.account_id = requested.account_id
         AND s.as_of <= $2::date AND s.as_of >= $2::date - 7 ORDER BY s.as_of DESC LIMIT 1) AS s`,
      [accountIds, day],
    );
    return new Map(rows.flatMap(({ account_id, health }) => (health === null ? [] : [[account_id, health]])));
  }
}
