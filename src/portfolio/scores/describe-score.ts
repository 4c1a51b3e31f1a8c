import { allHold } from '../../scoring/model/condition.js';
import { BASELINE, OVERRIDE } from '../../scoring/model/evaluate.js';
import { OVERRIDE_TEXT } from '../../scoring/model/reasons.js';
import { type Measure, measuresOf, shareOf } from '../../scoring/model/scorecard.js';
import type { UnpackedScore } from '../../scoring/runs/packed-score.js';
import type { StoredCard } from '../../scoring/scorecards/scorecards.repository.js';
import type { DimensionScore, HealthScore, MeasureScore, ScoreAdjustment } from './score.dto.js';

/** A stored score in the words of the API: hundredths become points. */
export function describeHealth({ card, version }: StoredCard, scored: UnpackedScore): HealthScore {
  const { evaluation, features } = scored;
  const places = new Map(measuresOf(card).map((measure, place) => [measure, place]));
  const meant = card.dimensions.map(({ measures }) => measures.filter(({ when }) => allHold(when, scored)));
  const present = card.dimensions.filter((_, index) => meant[index]?.length);
  const measureOf = (measure: Measure, siblings: readonly Measure[]): MeasureScore => {
    const at = places.get(measure) ?? 0;
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
    dimensions: card.dimensions.flatMap((dimension, index): DimensionScore[] => {
      const measures = meant[index] ?? [];
      if (measures.length === 0) return [];
      const { key } = dimension;
      const score = points(evaluation.dimensionScores[index] ?? null);
      return [
        {
          key,
          weight: share(dimension, present),
          score,
          measures: measures.map((one) => measureOf(one, measures)),
        },
      ];
    }),
    adjustments: evaluation.adjustments.map(({ cap, contribution }): ScoreAdjustment => {
      if (cap === OVERRIDE) {
        return { kind: 'override', key: 'override', contribution: contribution / 100, text: OVERRIDE_TEXT };
      }
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
