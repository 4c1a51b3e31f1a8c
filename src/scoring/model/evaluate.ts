import { apportion } from './apportion.js';
import { scoreAt } from './curve.js';
import {
  type Band,
  type Cap,
  type Dimension,
  type FeatureValues,
  type Measure,
  measuresOf,
  type Scorecard,
  shareOf,
} from './scorecard.js';

/** The green line of the default card: what a contribution of 0 stands for. In hundredths of a point, like all scores here. */
export const BASELINE = 7_000;
/** Below this share of known weight a score says too little for a band; in ten-thousandths. */
export const LEAST_CONFIDENCE = 5_000;

/** What a score consists of, in whole hundredths of a point, and small enough to be stored for every account and day. */
export interface Evaluation {
  /** 0 to 10,000; null when no measure was known. Equals BASELINE plus all contributions. */
  readonly score: number | null;
  readonly band: Band;
  /** Share of the card's weight that was known, in ten-thousandths. */
  readonly confidence: number;
  /** In the order of the card's dimensions; null when none of its measures was known. */
  readonly dimensionScores: readonly (number | null)[];
  /** In the order of `measuresOf(card)`. */
  readonly measureScores: readonly (number | null)[];
  readonly contributions: readonly number[];
  /** In the order in which they were laid on. */
  readonly adjustments: readonly Adjustment[];
}

export interface Adjustment {
  /** Place in the card's list of caps. */
  readonly cap: number;
  /** 0 when another cap already held the score down; never above 0. */
  readonly contribution: number;
}

interface Known {
  readonly measure: Measure;
  readonly score: number | null;
}

/** Pure and deterministic: the same card and features give the identical result. */
export function evaluate(card: Scorecard, features: FeatureValues): Evaluation {
  const dimensions = card.dimensions.map((dimension) => ({
    dimension,
    known: scoresOf(dimension, features),
  }));
  const confidence = Math.round(10_000 * knownShare(card, dimensions));
  const measureScores = dimensions.flatMap(({ known }) => known.map(({ score }) => hundredths(score)));
  const dimensionScores = dimensions.map(({ known }) => hundredths(meanOf(known)));
  const parts = partsOf(dimensions);
  if (parts === null) {
    const contributions = measuresOf(card).map(() => 0);
    return {
      score: null,
      band: 'unknown',
      confidence,
      dimensionScores,
      measureScores,
      contributions,
      adjustments: [],
    };
  }

  const total = Math.round(parts.reduce((sum, part) => sum + part, 0));
  const contributions = apportion(parts, total);
  const uncapped = BASELINE + total;
  const adjustments = capsOn(card.caps, features, uncapped);
  const score = adjustments.reduce((sum, { contribution }) => sum + contribution, uncapped);
  const band = confidence < LEAST_CONFIDENCE ? 'unknown' : bandOf(card, score);
  return { score, band, confidence, dimensionScores, measureScores, contributions, adjustments };
}

function scoresOf(dimension: Dimension, features: FeatureValues): Known[] {
  return dimension.measures.map((measure) => {
    const value = features[measure.feature];
    return {
      measure,
      score:
        value === null || value === undefined || measure.weight <= 0 ? null : scoreAt(measure.curve, value),
    };
  });
}

interface Scored {
  readonly dimension: Dimension;
  readonly known: readonly Known[];
}

const measuresKnown = (known: readonly Known[]): Measure[] =>
  known.flatMap(({ measure, score }) => (score === null ? [] : [measure]));

function knownShare(card: Scorecard, dimensions: readonly Scored[]): number {
  const shares = dimensions.map(({ dimension, known }) => {
    const inside = measuresKnown(known).map((measure) => shareOf(measure, dimension.measures));
    return shareOf(dimension, card.dimensions) * inside.reduce((sum, share) => sum + share, 0);
  });
  return shares.reduce((sum, share) => sum + share, 0);
}

function meanOf(known: readonly Known[]): number | null {
  const measures = measuresKnown(known);
  if (measures.length === 0) return null;
  return known.reduce(
    (sum, { measure, score }) => sum + (score === null ? 0 : shareOf(measure, measures) * score),
    0,
  );
}

/** Unrounded contributions in the order of the measures; null when nothing is known. */
function partsOf(dimensions: readonly Scored[]): number[] | null {
  const present = dimensions.filter(
    ({ dimension, known }) => dimension.weight > 0 && measuresKnown(known).length > 0,
  );
  if (present.length === 0) return null;
  const heard = present.map(({ dimension }) => dimension);
  return dimensions.flatMap(({ dimension, known }) => {
    const measures = measuresKnown(known);
    const outer = heard.includes(dimension) ? shareOf(dimension, heard) : 0;
    return known.map(({ measure, score }) =>
      score === null ? 0 : outer * shareOf(measure, measures) * (100 * score - BASELINE),
    );
  });
}

/** The lowest limit takes the whole difference; the others that would have held on their own are named with 0. */
function capsOn(caps: readonly Cap[], features: FeatureValues, uncapped: number): Adjustment[] {
  const holding = caps
    .map((cap, place) => ({
      place,
      limit: Math.round(100 * cap.limit),
      holds: holds(cap, features[cap.feature]),
    }))
    .filter(({ holds, limit }) => holds && limit < uncapped)
    .sort((a, b) => a.limit - b.limit || a.place - b.place);
  return holding.map(({ place, limit }, rank) => ({
    cap: place,
    contribution: rank === 0 ? limit - uncapped : 0,
  }));
}

function holds({ atLeast, below }: Cap, value: number | null | undefined): boolean {
  if (value === null || value === undefined) return false;
  return (atLeast !== undefined && value >= atLeast) || (below !== undefined && value < below);
}

function bandOf({ bands }: Scorecard, score: number): Band {
  if (score >= Math.round(100 * bands.green)) return 'green';
  return score >= Math.round(100 * bands.yellow) ? 'yellow' : 'red';
}

function hundredths(score: number | null): number | null {
  return score === null ? null : Math.round(100 * score);
}
