import { riskOf } from '../../scoring/model/churn-model.js';
import type { ChurnRisk, RiskPart } from '../../scoring/model/churn-risk.js';
import { BASELINE, evaluate, type Evaluation, OVERRIDE } from '../../scoring/model/evaluate.js';
import { capCode, OVERRIDE_CODE } from '../../scoring/model/reasons.js';
import { measuresOf, type Scorecard } from '../../scoring/model/scorecard.js';
import type { DescribedScore } from '../scores/describe-score.js';
import { cardCause, type CardCause } from './card-cause.js';
import { adjustmentText, cardText, featureText, modelText, moveText } from './change-texts.js';

/** One part of a difference. */
export interface Part {
  /** `card` and `model`: the same facts are scored differently. */
  readonly kind: 'card' | 'model' | 'feature' | 'cap' | 'override';
  readonly key: string;
  /** The feature's value; null if unknown. */
  readonly from: number | null;
  readonly to: number | null;
  readonly contribution: number;
  /** Identifies `text`: the feature's key, or the kind and its key. */
  readonly code: string;
  readonly text: string;
}

/** All parts add up to `difference` exactly, as do `byDefinition` and `byCustomer`. */
export interface Comparison {
  readonly difference: number;
  readonly byDefinition: number;
  readonly byCustomer: number;
  /** Largest first, without zeros. */
  readonly parts: Part[];
}

/**
 * Compares health, in hundredths of a point. If the scorecards differ, the earlier facts are also scored with the later
 * scorecard: the difference up to there is due to the definition, the rest to the customer. Null if either day has no
 * score.
 */
export function compareHealth(from: DescribedScore, to: DescribedScore): Comparison | null {
  if (from.score.health === null || to.score.health === null) return null;
  const { card } = to.card;
  const cause = cardCause(from, to);
  const middle = cause === null ? from.score : reEvaluate(card, from);
  const middleHealth = cause === null ? from.score.health : ((middle as Evaluation).score ?? BASELINE);
  const byCard = middleHealth - from.score.health;
  const parts: Part[] = [
    ...(cause === null ? [] : [{ ...cardPart(from, to, cause), contribution: byCard }]),
    ...featureParts(
      from,
      to,
      ofMeasures(card, middle.contributions),
      ofMeasures(card, to.score.contributions),
    ),
    ...adjustmentParts(card, middle.adjustments, to.score.adjustments),
  ];
  return comparisonOf(to.score.health - from.score.health, cause === 'definition' ? byCard : 0, parts);
}

/** Compares churn risk, in ten-thousandths of a logit. Null if it is not predicted on either day. */
export function compareRisk(from: DescribedScore, to: DescribedScore): Comparison | null {
  const cause = cardCause(from, to);
  const before = riskUnder(from, from);
  const after = riskUnder(to, to);
  const middle = riskUnder(to, from);
  // If the account moved to another scorecard, the later model still knows the earlier one.
  const underModel = cause === 'account' ? riskUnder({ ...from, model: to.model }, from) : middle;
  if (!before || !after || !middle || !underModel) return null;
  const byModel = underModel.logit - before.logit;
  const model: Part = {
    kind: 'model',
    key: 'churn',
    from: from.model.version,
    to: to.model.version,
    contribution: byModel,
    code: 'model.churn',
    text: modelText(from, to, cause === 'definition'),
  };
  const parts = [
    model,
    ...(cause === 'account'
      ? [{ ...cardPart(from, to, cause), contribution: middle.logit - underModel.logit }]
      : []),
    ...featureParts(from, to, middle.parts(), after.parts()),
  ];
  return comparisonOf(after.logit - before.logit, byModel, parts);
}

function riskUnder({ model, card }: DescribedScore, { score }: DescribedScore): ChurnRisk | null {
  return riskOf(model.churn, card.card, score, evaluate(card.card, score));
}

/** An override stays in effect under another scorecard. */
function reEvaluate(card: Scorecard, { score }: DescribedScore): Evaluation {
  const isSet = score.adjustments.some(({ cap }) => cap === OVERRIDE);
  const override = isSet && score.health !== null ? { score: score.health / 100 } : undefined;
  return evaluate(card, score, override);
}

function cardPart(from: DescribedScore, to: DescribedScore, cause: CardCause): Omit<Part, 'contribution'> {
  const { key } = to.card.card;
  return { kind: 'card', key, from: null, to: null, code: `card.${key}`, text: cardText(from, to, cause) };
}

/** `contributions` are in the order of the scorecard's measures. */
function ofMeasures(card: Scorecard, contributions: readonly number[]): RiskPart[] {
  return measuresOf(card).map(({ feature }, place) => ({
    feature,
    contribution: contributions[place] ?? 0,
  }));
}

function featureParts(
  from: DescribedScore,
  to: DescribedScore,
  before: readonly RiskPart[],
  after: readonly RiskPart[],
): Part[] {
  const sums = new Map<string, number>();
  const add = (parts: readonly RiskPart[], sign: number): void => {
    for (const { feature, contribution } of parts)
      sums.set(feature, (sums.get(feature) ?? 0) + sign * contribution);
  };
  add(before, -1);
  add(after, 1);
  return [...sums].map(([key, contribution]) => {
    const [was, is] = [from.score.features[key] ?? null, to.score.features[key] ?? null];
    const text = key === 'tier' || key === 'stage' ? moveText(key, from, to) : featureText(key, was, is);
    return { kind: 'feature', key, from: was, to: is, contribution, code: key, text };
  });
}

function adjustmentParts(
  card: Scorecard,
  before: Evaluation['adjustments'],
  after: Evaluation['adjustments'],
): Part[] {
  const places = new Set([...before, ...after].map(({ cap }) => cap));
  return [...places].map((place): Part => {
    const was = before.find(({ cap }) => cap === place)?.contribution;
    const is = after.find(({ cap }) => cap === place)?.contribution;
    const [kind, key, subject] =
      place === OVERRIDE
        ? (['override', 'override', null] as const)
        : (['cap', card.caps[place]?.key ?? '', card.caps[place]?.text ?? ''] as const);
    const contribution = (is ?? 0) - (was ?? 0);
    const code = kind === 'cap' ? capCode(key) : OVERRIDE_CODE;
    return { kind, key, from: null, to: null, contribution, code, text: adjustmentText(subject, was, is) };
  });
}

function comparisonOf(difference: number, byDefinition: number, parts: Part[]): Comparison {
  return {
    difference,
    byDefinition,
    byCustomer: difference - byDefinition,
    parts: withoutRounding(
      parts
        .filter(({ contribution }) => contribution !== 0)
        .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
    ),
  };
}

/** Rounding changes each contribution by less than 1. */
const ROUNDING = 2;

/** Rounding differences of unchanged features are moved to the largest part, so that the sum stays exact. Sorted by size. */
function withoutRounding(parts: readonly Part[]): Part[] {
  const isRounding = ({ kind, from, to, contribution }: Part): boolean =>
    kind === 'feature' && from === to && Math.abs(contribution) <= ROUNDING;
  const foremost = parts.find((part) => part.kind === 'feature' && !isRounding(part));
  if (!foremost) return [...parts];
  const folded = parts.filter(isRounding).reduce((sum, { contribution }) => sum + contribution, 0);
  const kept = parts.filter((part) => !isRounding(part));
  return kept.map((part) =>
    part === foremost ? { ...part, contribution: part.contribution + folded } : part,
  );
}
