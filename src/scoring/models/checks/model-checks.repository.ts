import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ModelKey } from '../../model/training/trained.js';
import { SCORE_FIELDS, type ScoreField } from '../../scores/score-fields.js';

/** Predictions of a version on a day against their outcomes. */
export interface ModelCheck {
  readonly versionId: number;
  /** UTC day. */
  readonly asOf: string;
  readonly accounts: number;
  readonly observed: number;
  readonly expected: number;
  readonly standardDeviation: number;
  readonly intercept: number | null;
  readonly stale: boolean;
}

/** Probabilities of a day as shown, by one version. */
export interface ShownProbabilities {
  readonly versionId: number;
  readonly version: number;
  readonly accountIds: readonly number[];
  readonly probabilities: readonly number[];
}

const PROBABILITY: Readonly<Record<ModelKey, ScoreField>> = {
  churn: SCORE_FIELDS.churnRisk,
  contraction: SCORE_FIELDS.contraction,
  expansion: SCORE_FIELDS.expansion,
};

@Injectable()
export class ModelChecksRepository {
  /** Newest first, only for the given versions. */
  async of(manager: EntityManager, versionIds: readonly number[]): Promise<ModelCheck[]> {
    return manager.query(
      `SELECT model_version_id AS "versionId", as_of AS "asOf", accounts, observed, expected,
         standard_deviation AS "standardDeviation", intercept, stale
       FROM model_check WHERE model_version_id = ANY($1::int[]) ORDER BY as_of DESC`,
      [versionIds],
    );
  }

  /**
   * Month-ends up to the day with scores of all accounts but without a check of the model, newest first. Days scored with a version from later
   * facts are never checked.
   */
  async unchecked(manager: EntityManager, key: ModelKey, upTo: string, limit: number): Promise<string[]> {
    const rows = await manager.query<{ day: string }[]>(
      `SELECT d.as_of AS day FROM score_day d JOIN model m USING (model_id) JOIN model_version made ON made.model_version_id = m.${key}_id
       WHERE made.as_of <= d.as_of AND d.finished_at IS NOT NULL AND d.as_of <= $2 AND extract(day FROM d.as_of + 1) = 1
         AND NOT EXISTS (SELECT FROM model_check c JOIN model_version v USING (model_version_id) WHERE v.key = $1 AND c.as_of = d.as_of)
       ORDER BY d.as_of DESC LIMIT $3`,
      [key, upTo, limit],
    );
    return rows.map(({ day }) => day);
  }

  /**
   * Predictions as of the day, by version. A version from later facts has seen the outcomes of the day, so it is skipped, as are scores of a
   * day that was rescored with such a version.
   */
  async shown(manager: EntityManager, key: ModelKey, asOf: string): Promise<ShownProbabilities[]> {
    const { past: probability, scale } = PROBABILITY[key];
    return manager.query(
      `SELECT v.model_version_id AS "versionId", v.version, array_agg(s.account_id ORDER BY s.account_id) AS "accountIds",
         array_agg(${probability} / ${scale}::float8 ORDER BY s.account_id) AS probabilities
       FROM account_score s JOIN model m USING (model_id) JOIN model_version v ON v.model_version_id = m.${key}_id
       WHERE s.as_of = $1 AND ${probability} IS NOT NULL AND v.as_of <= $1
       GROUP BY v.model_version_id, v.version ORDER BY count(*) DESC`,
      [asOf],
    );
  }

  async add(manager: EntityManager, check: ModelCheck): Promise<void> {
    const { versionId, asOf, accounts, observed, expected, standardDeviation, intercept, stale } = check;
    await manager.query(
      `INSERT INTO model_check (model_version_id, as_of, accounts, observed, expected, standard_deviation, intercept, stale)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      [versionId, asOf, accounts, observed, expected, standardDeviation, intercept, stale],
    );
  }

  /** The check of the model on the newest day before the given one; null: none. */
  async wasStale(manager: EntityManager, key: ModelKey, before: string): Promise<boolean | null> {
    const [row] = await manager.query<{ stale: boolean }[]>(
      `SELECT bool_or(c.stale) AS stale FROM model_check c JOIN model_version v USING (model_version_id)
       WHERE v.key = $1 AND c.as_of < $2 GROUP BY c.as_of ORDER BY c.as_of DESC LIMIT 1`,
      [key, before],
    );
    return row?.stale ?? null;
  }
}
