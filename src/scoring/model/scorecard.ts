import type { Condition } from './condition.js';
import type { Curve } from './curve.js';
import type { AccountStatus } from './scored-account.js';

export const BANDS = ['green', 'yellow', 'red', 'unknown'] as const;
export type Band = (typeof BANDS)[number];

/** A measure whose `when` is not met does not apply to the account and has no weight. */
export interface Measure {
  readonly feature: string;
  /** Weight relative to the other measures of the dimension. */
  readonly weight: number;
  readonly curve: Curve;
  readonly when?: readonly Condition[];
}

export interface Dimension {
  readonly key: string;
  /** Weight relative to the other dimensions. */
  readonly weight: number;
  readonly measures: readonly Measure[];
}

/** If all conditions are met, the score is at most `limit`. */
export interface Cap {
  readonly key: string;
  readonly limit: number;
  readonly when: readonly Condition[];
  readonly text: string;
}

/** Which accounts a scorecard applies to; absent fields match all. */
export interface AppliesTo {
  readonly tiers?: readonly string[];
  readonly stages?: readonly string[];
  readonly statuses?: readonly AccountStatus[];
}

export interface Scorecard {
  readonly key: string;
  readonly name?: string;
  readonly appliesTo?: AppliesTo;
  /** The lowest scores that are green and yellow. */
  readonly bands: { readonly green: number; readonly yellow: number };
  readonly dimensions: readonly Dimension[];
  readonly caps: readonly Cap[];
}

const rows = new WeakMap<Scorecard['dimensions'], readonly Measure[]>();

/** All measures of a scorecard, in the order in which results are stored. Cached, since scorecards are immutable. */
export function measuresOf({ dimensions }: Scorecard): readonly Measure[] {
  let row = rows.get(dimensions);
  if (!row) rows.set(dimensions, (row = dimensions.flatMap(({ measures }) => measures)));
  return row;
}

export function shareOf(part: { weight: number }, whole: readonly { weight: number }[]): number {
  const sum = whole.reduce((total, { weight }) => total + weight, 0);
  return sum > 0 ? part.weight / sum : 0;
}
