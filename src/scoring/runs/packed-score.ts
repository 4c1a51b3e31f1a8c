import type { AccountFeatures } from '../features/features.repository.js';
import { STATUSES } from '../features/features.repository.js';
import type { Evaluation } from '../model/evaluate.js';
import { BANDS } from '../model/scorecard.js';
import type { FeatureValues, ScoredAccount } from '../model/scored-account.js';
import type { Layout } from '../scorecards/scorecards.repository.js';

/** Columns of `account_score` that hold the score itself. */
export interface PackedScore {
  mrr: number | null;
  health: number | null;
  confidence: number;
  /** Places in BANDS and STATUSES, which may only grow at their ends. */
  band: number;
  status: number;
  tier: string;
  stage: string | null;
  features: (number | null)[];
  dimension_scores: (number | null)[];
  measure_scores: (number | null)[];
  contributions: number[];
  adjustments: number[];
}

export interface UnpackedScore extends ScoredAccount {
  readonly evaluation: Evaluation;
}

export function pack(layout: Layout, account: AccountFeatures, evaluation: Evaluation): PackedScore {
  const values: FeatureValues = account.features;
  return {
    mrr: account.features.mrr,
    health: evaluation.score,
    confidence: evaluation.confidence,
    band: BANDS.indexOf(evaluation.band),
    status: STATUSES.indexOf(account.status),
    tier: account.tier,
    stage: account.stage,
    features: layout.map(({ key, decimals }) => {
      const value = values[key] ?? null;
      return value === null ? null : Math.round(value * 10 ** decimals);
    }),
    dimension_scores: [...evaluation.dimensionScores],
    measure_scores: [...evaluation.measureScores],
    contributions: [...evaluation.contributions],
    adjustments: evaluation.adjustments.flatMap(({ cap, contribution }) => [cap, contribution]),
  };
}

/** What was packed, to the last digit. */
export function unpack(layout: Layout, row: PackedScore): UnpackedScore {
  const features = Object.fromEntries(
    layout.map(({ key, decimals }, place): [string, number | null] => {
      const value = row.features[place] ?? null;
      return [key, value === null ? null : value / 10 ** decimals];
    }),
  );
  const adjustments = [];
  for (let place = 0; place < row.adjustments.length; place += 2) {
    adjustments.push({ cap: row.adjustments[place] ?? 0, contribution: row.adjustments[place + 1] ?? 0 });
  }
  return {
    status: STATUSES[row.status] ?? 'active',
    tier: row.tier,
    stage: row.stage,
    features: { ...features, mrr: row.mrr },
    evaluation: {
      score: row.health,
      band: BANDS[row.band] ?? 'unknown',
      confidence: row.confidence,
      dimensionScores: row.dimension_scores,
      measureScores: row.measure_scores,
      contributions: row.contributions,
      adjustments,
    },
  };
}
