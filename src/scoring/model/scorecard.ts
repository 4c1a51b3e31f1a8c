import type { Curve } from './curve.js';

export const BANDS = ['green', 'yellow', 'red', 'unknown'] as const;
export type Band = (typeof BANDS)[number];

/** Absent counts as unknown, like null. */
export type FeatureValues = Readonly<Record<string, number | null | undefined>>;

export interface Measure {
  readonly feature: string;
  /** Against the other measures of its dimension. */
  readonly weight: number;
  readonly curve: Curve;
}

export interface Dimension {
  readonly key: string;
  /** Against the other dimensions. */
  readonly weight: number;
  readonly measures: readonly Measure[];
}

/** Holds when the feature is known and reaches `atLeast` or lies below `below`; then the score is at most `limit`. */
export interface Cap {
  readonly key: string;
  readonly feature: string;
  readonly atLeast?: number;
  readonly below?: number;
  readonly limit: number;
  readonly text: string;
}

export interface Scorecard {
  readonly key: string;
  /** The lowest scores that are green and yellow. */
  readonly bands: { readonly green: number; readonly yellow: number };
  readonly dimensions: readonly Dimension[];
  readonly caps: readonly Cap[];
}

/** The measures of a card in one row: the order in which results are stored. */
export function measuresOf(card: Scorecard): Measure[] {
  return card.dimensions.flatMap((dimension) => dimension.measures);
}

export function shareOf(part: { weight: number }, whole: readonly { weight: number }[]): number {
  const sum = whole.reduce((total, { weight }) => total + weight, 0);
  return sum > 0 ? part.weight / sum : 0;
}
