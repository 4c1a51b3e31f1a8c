import { apportion } from './apportion.js';
import { allHold } from './condition.js';
import { scoreAt } from './curve.js';
import { type Band, type Cap, type Measure, type Scorecard } from './scorecard.js';
import type { ScoredAccount } from './scored-account.js';

/** The default scorecard's green threshold, from which contributions are counted. In hundredths of a point, like all scores here. */
export const BASELINE = 7_000;
/** Minimum share of known weight for a band, in ten-thousandths. */
export const MIN_CONFIDENCE = 5_000;
/** Used instead of a cap's index for an override. */
export const OVERRIDE = -1;

/** The parts of a score, in whole hundredths of a point; small enough to be stored for every account and day. */
export interface Evaluation {
  /** 0 to 10,000; null if no measure was known and there is no override. Equals BASELINE plus contributions and adjustments. */
  readonly score: number | null;
  readonly band: Band;
  /** Share of the applicable weight that was known, in ten-thousandths. */
  readonly confidence: number;
  /** In the order of the dimensions; null if none of a dimension's measures was known. */
  readonly dimensionScores: readonly (number | null)[];
  /** In the order of `measuresOf(card)`; null if unknown or not applicable to the account. */
  readonly measureScores: readonly (number | null)[];
  readonly contributions: readonly number[];
  /** In the order of application: caps, then the override. */
  readonly adjustments: readonly Adjustment[];
}

export interface Adjustment {
  /** Index in the scorecard's list of caps, or OVERRIDE. */
  readonly cap: number;
  /** For a cap never above 0, and 0 if another cap already limits the score. */
  readonly contribution: number;
}

/** A person's score, which replaces the computed one; the caller checks its expiry. */
export interface Override {
  /** 0 to 100. */
  readonly score: number;
}

/**
 * Pure and deterministic. An overridden score has a band even if too little is known; its confidence is still that of the facts.
 */
export function evaluate(card: Scorecard, account: ScoredAccount, override?: Override): Evaluation {
  const weighed = weigh(card, account);
  const confidence = Math.round(10_000 * weighed.known);
  const measureScores = weighed.scores.map(hundredths);
  const dimensionScores = weighed.means.map(hundredths);
  const total = weighed.heard ? Math.round(sumOf(weighed.parts)) : null;
  const contributions = total === null ? weighed.parts : apportion(weighed.parts, total);
  const adjustments = total === null ? [] : capsOn(card.caps, account, BASELINE + total);
  const computed =
    total === null ? null : BASELINE + total + sumOf(adjustments.map(({ contribution }) => contribution));
  if (override) {
    const score = Math.round(100 * override.score);
    const line = { cap: OVERRIDE, contribution: score - (computed ?? BASELINE) };
    return {
      score,
      band: bandOf(card, score),
      confidence,
      dimensionScores,
      measureScores,
      contributions,
      adjustments: [...adjustments, line],
    };
  }
  const unsure = computed === null || confidence < MIN_CONFIDENCE;
  const band = unsure ? 'unknown' : bandOf(card, computed);
  return { score: computed, band, confidence, dimensionScores, measureScores, contributions, adjustments };
}

interface Weighed {
  readonly scores: readonly (number | null)[];
  /** Of the dimensions. */
  readonly means: readonly (number | null)[];
  /** Unrounded contributions in the order of the measures. */
  readonly parts: readonly number[];
  /** Share of the weight that was known, 0 to 1. */
  readonly known: number;
  readonly heard: boolean;
}

/** Plain loops: it runs for every account and day. */
function weigh(card: Scorecard, account: ScoredAccount): Weighed {
  const scores: (number | null)[] = [];
  const all: number[] = [];
  const known: number[] = [];
  const means: (number | null)[] = [];
  let allOuter = 0;
  let knownOuter = 0;
  for (const { weight, measures } of card.dimensions) {
    let allInner = 0;
    let knownInner = 0;
    let sum = 0;
    for (const measure of measures) {
      const meant = measure.weight > 0 && allHold(measure.when, account);
      const score = meant ? scoreOf(measure, account) : null;
      scores.push(score);
      if (meant) allInner += measure.weight;
      if (score === null) continue;
      knownInner += measure.weight;
      sum += measure.weight * score;
    }
    means.push(knownInner > 0 ? sum / knownInner : null);
    all.push(allInner);
    known.push(knownInner);
    if (allInner > 0) allOuter += weight;
    if (knownInner > 0) knownOuter += weight;
  }
  const parts: number[] = [];
  let share = 0;
  let index = 0;
  for (const { weight, measures } of card.dimensions) {
    const inner = known[index] as number;
    const outer = knownOuter > 0 ? weight / knownOuter : 0;
    if (inner > 0 && allOuter > 0) share += (weight / allOuter) * (inner / (all[index] as number));
    index++;
    for (const measure of measures) {
      const score = scores[parts.length] ?? null;
      const part = score === null ? 0 : outer * (measure.weight / inner) * (100 * score - BASELINE);
      parts.push(part);
    }
  }
  return { scores, means, parts, known: share, heard: knownOuter > 0 };
}

function scoreOf({ feature, curve }: Measure, { features }: ScoredAccount): number | null {
  const value = features[feature];
  return value === null || value === undefined ? null : scoreAt(curve, value);
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** The lowest limit gets the whole difference; other caps that apply are listed with 0. */
function capsOn(caps: readonly Cap[], account: ScoredAccount, uncapped: number): Adjustment[] {
  const holding: { place: number; limit: number }[] = [];
  caps.forEach((cap, place) => {
    const limit = Math.round(100 * cap.limit);
    if (limit < uncapped && allHold(cap.when, account)) holding.push({ place, limit });
  });
  holding.sort((a, b) => a.limit - b.limit || a.place - b.place);
  return holding.map(({ place, limit }, rank) => ({
    cap: place,
    contribution: rank === 0 ? limit - uncapped : 0,
  }));
}

function bandOf({ bands }: Scorecard, score: number): Band {
  if (score >= Math.round(100 * bands.green)) return 'green';
  return score >= Math.round(100 * bands.yellow) ? 'yellow' : 'red';
}

function hundredths(score: number | null): number | null {
  return score === null ? null : Math.round(100 * score);
}
