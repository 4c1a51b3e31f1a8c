/** The kinds of facts, by the names under which they are sent; events are `usage`. */
export const FEATURE_SOURCES = [
  'usage',
  'tickets',
  'subscriptions',
  'invoices',
  'surveys',
  'activities',
  'contacts',
  'milestones',
  'gauges',
  'accounts',
] as const;
export type FeatureSource = (typeof FEATURE_SOURCES)[number];

export type FeatureRange = readonly [least: number, most: number];

/** All that is said of a feature, in one place. */
export interface Feature {
  readonly key: string;
  /** What it is called where there is no value to speak of. */
  readonly name: string;
  /** What a value means, for people. */
  readonly text: (value: number) => string;
  readonly unit: string;
  /** What it says, and when it is unknown (null). */
  readonly meaning: string;
  readonly source: FeatureSource;
  /**
   * Digits behind the point: values are rounded to them before they are scored, so what is stored is what was scored.
   * But for `mrr`, a value without its point fits in 32 bits.
   */
  readonly decimals: number;
  /** What lies beyond it, either way, says no more; default: what fits. */
  readonly most?: number;
  /** A state that holds until another is sent, so it stays known when its source goes silent. */
  readonly lasting?: true;
  /** What it can be at all, where that is narrower than its unit says. */
  readonly range?: FeatureRange;
  /** Features of one group say the same to people: of several only one is told as a reason. */
  readonly group?: string;
  /**
   * Where the other direction would read absurdly: 1 when a greater value can only raise the churn risk, -1 when it can only lower it. Other
   * features may bend as the data say. What the scorecard weighs heavily (use and its trend, overdue bills) is free: the direction is in the
   * offset, and the boosting must be able to take back what the offset overdoes. A judgement.
   */
  readonly churn?: 1 | -1;
  /** Models do not learn from it: it is a part of leaving itself. */
  readonly partOfLeaving?: true;
}

export const YES_NO = '1 (yes) or 0 (no)';
/** Percentages beyond it say no more. */
export const MOST_PERCENT = 1_000;
/** Fewer events than this in the earlier 28 days make no trend; a judgement. */
export const LEAST_EVENTS = 10;
export const LEAST_ANSWERS = 3;
/** A projection beyond it says no more. */
export const MOST_DAYS = 3_650;
/** Two readings of a gauge nearer to each other make no trend; a judgement. */
export const LEAST_GROWTH_DAYS = 7;
