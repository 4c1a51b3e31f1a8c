import type { StoredModel } from '../../scoring/models/models.repository.js';
import { LOGIT_SCALE } from '../../scoring/model/churn-risk.js';
import { riskOf } from '../../scoring/model/churn-model.js';
import { allHold } from '../../scoring/model/condition.js';
import { type Adjustment, BASELINE, evaluate, OVERRIDE } from '../../scoring/model/evaluate.js';
import { holdOn } from '../../scoring/model/expansion.js';
import {
  capCode,
  OVERRIDE_CODE,
  OVERRIDE_TEXT,
  riskReasonsOf,
  subjectOf,
} from '../../scoring/model/reasons.js';
import {
  type Dimension,
  type Measure,
  measuresOf,
  type Scorecard,
  shareOf,
} from '../../scoring/model/scorecard.js';
import { FADE_PER_MONTH } from '../../scoring/model/survival.js';
import type { UnpackedScore } from '../../scoring/scores/packed-score.js';
import type { StoredCard } from '../../scoring/scorecards/scorecards.repository.js';
import type { Money } from '../../scoring/scores/list-item.dto.js';
import type {
  AccountValue,
  ChurnRisk,
  Contraction,
  DimensionScore,
  Expansion,
  HealthScore,
  MeasureScore,
  ScoreAdjustment,
} from './score.dto.js';

/** A stored score with its scorecard and model. */
export interface DescribedScore {
  readonly card: StoredCard;
  readonly model: StoredModel;
  readonly score: UnpackedScore;
  readonly currency: string;
}

export interface HealthBefore {
  /** Hundredths of a point; absent if unknown. */
  readonly days7?: number | undefined;
  readonly days30?: number | undefined;
}

/**
 * Converts a score to its API form: hundredths become points. Measures are recomputed from the features; those that do not
 * apply to the account are omitted.
 */
export function describeHealth(
  { card: { card, version }, score }: DescribedScore,
  before: HealthBefore,
): HealthScore {
  const { measureScores, dimensionScores } = evaluate(card, score);
  const since = (past: number | undefined): number | null =>
    score.health === null || past === undefined ? null : (score.health - past) / 100;
  const places = new Map(measuresOf(card).map((measure, place) => [measure, place]));
  const applicableMeasures = ({ measures }: Dimension): Measure[] =>
    measures.filter(({ weight, when }) => weight > 0 && allHold(when, score));
  const applicable = card.dimensions.filter((dimension) => applicableMeasures(dimension).length > 0);
  const measureOf = (measure: Measure, siblings: readonly Measure[]): MeasureScore => {
    const at = places.get(measure) ?? -1;
    return {
      feature: measure.feature,
      value: score.features[measure.feature] ?? null,
      score: points(measureScores[at] ?? null),
      weight: share(measure, siblings),
      contribution: (score.contributions[at] ?? 0) / 100,
    };
  };
  return {
    score: points(score.health),
    band: score.band,
    confidence: score.confidence / 10_000,
    change7d: since(before.days7),
    change30d: since(before.days30),
    scorecard: { key: card.key, version },
    baseline: BASELINE / 100,
    dimensions: applicable.map((dimension): DimensionScore => ({
      key: dimension.key,
      weight: share(dimension, applicable),
      score: points(dimensionScores[card.dimensions.indexOf(dimension)] ?? null),
      measures: applicableMeasures(dimension).map((measure, _, siblings) => measureOf(measure, siblings)),
    })),
    adjustments: score.adjustments.map((adjustment) => adjustmentOf(card, score, adjustment)),
  };
}

function adjustmentOf(
  card: Scorecard,
  { features }: UnpackedScore,
  { cap, contribution: hundredths }: Adjustment,
): ScoreAdjustment {
  const contribution = hundredths / 100;
  if (cap === OVERRIDE) {
    const said = { code: OVERRIDE_CODE, text: OVERRIDE_TEXT };
    return { kind: 'override', key: 'override', feature: null, value: null, contribution, ...said };
  }
  const { key = '', text = '', when = [] } = card.caps[cap] ?? {};
  const feature = subjectOf(when);
  const value = features[feature] ?? null;
  return { kind: 'cap', key, feature, value, contribution, code: capCode(key), text };
}

/** Null if not predicted. `baseline` and the reasons' contributions add up exactly to `logit`. */
export function describeRisk({ card: { card }, model, score }: DescribedScore): ChurnRisk | null {
  const risk = riskOf(model.churn, card, score, evaluate(card, score));
  if (risk === null || score.risk === null) return null;
  return {
    ...score.risk,
    horizonDays: 90,
    basis: risk.basis,
    model: { key: 'churn', version: model.version },
    baseline: risk.base / LOGIT_SCALE,
    logit: risk.logit / LOGIT_SCALE,
    reasons: riskReasonsOf(risk.parts(), score).map((reason) => ({
      ...reason,
      contribution: reason.contribution / LOGIT_SCALE,
    })),
  };
}

export function describeValue({ model, score, currency }: DescribedScore): AccountValue {
  const money = (amount: number | null | undefined): Money | null =>
    amount === null || amount === undefined ? null : { amount, currency };
  return {
    mrr: money(score.features['mrr']),
    ltv: money(score.money?.ltv),
    ltvLow: money(score.money?.ltvLow),
    ltvHigh: money(score.money?.ltvHigh),
    expectedLoss: money(score.money?.expectedLoss),
    assumptions: { ...model.terms, fadePerMonth: FADE_PER_MONTH },
  };
}

export function describeContraction({ model, score }: DescribedScore): Contraction {
  return { probability: score.contraction, basis: model.contraction?.basis ?? 'prior' };
}

export function describeExpansion({ model, score }: DescribedScore): Expansion {
  return {
    probability: score.expansion,
    basis: model.expansion.basis,
    signals: score.signals.map((signal) => ({ ...signal, product: signal.product ?? null })),
    hold: score.signals.length > 0 ? holdOn(score, score.band) : null,
  };
}

export function points(hundredths: number | null): number | null {
  return hundredths === null ? null : hundredths / 100;
}

function share(part: { weight: number }, whole: readonly { weight: number }[]): number {
  return Math.round(10_000 * shareOf(part, whole)) / 10_000;
}
