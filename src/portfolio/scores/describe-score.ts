import { BASELINE } from '../../scoring/model/evaluate.js';
import { type Measure, shareOf } from '../../scoring/model/scorecard.js';
import type { UnpackedScore } from '../../scoring/runs/packed-score.js';
import type { StoredCard } from '../../scoring/scorecards/scorecards.repository.js';
import type { DimensionScore, HealthScore, MeasureScore, ScoreAdjustment } from './score.dto.js';

/** A stored score in the words of the API: hundredths become points. */
export function describeHealth(
  { card, version }: StoredCard,
  { evaluation, features }: UnpackedScore,
): HealthScore {
  let place = 0;
  const measureOf = (measure: Measure, siblings: readonly Measure[]): MeasureScore => {
    const at = place++;
    return {
      feature: measure.feature,
      value: features[measure.feature] ?? null,
      score: points(evaluation.measureScores[at] ?? null),
      weight: share(measure, siblings),
      contribution: (evaluation.contributions[at] ?? 0) / 100,
    };
  };
  return {
    score: points(evaluation.score),
    band: evaluation.band,
    confidence: evaluation.confidence / 10_000,
    scorecard: { key: card.key, version },
    baseline: BASELINE / 100,
    dimensions: card.dimensions.map(({ key, measures, ...dimension }, index): DimensionScore => ({
      key,
      weight: share(dimension, card.dimensions),
      score: points(evaluation.dimensionScores[index] ?? null),
      measures: measures.map((measure) => measureOf(measure, measures)),
    })),
    adjustments: evaluation.adjustments.map(({ cap, contribution }): ScoreAdjustment => {
      const { key = '', text = '' } = card.caps[cap] ?? {};
      return { kind: 'cap', key, contribution: contribution / 100, text };
    }),
  };
}

export function points(hundredths: number | null): number | null {
  return hundredths === null ? null : hundredths / 100;
}

function share(part: { weight: number }, whole: readonly { weight: number }[]): number {
  return Math.round(10_000 * shareOf(part, whole)) / 10_000;
}
