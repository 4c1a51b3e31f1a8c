/** The kinds of facts by their API names; events are `usage`. */
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

/** Everything about a feature, in one place. */
export interface Feature {
  readonly key: string;
  /** Its name where no value is known. */
  readonly name: string;
  /** What a value means, for people. */
  readonly text: (value: number) => string;
  readonly unit: string;
  /** What it measures, and when it is unknown (null). */
  readonly meaning: string;
  readonly source: FeatureSource;
  /**
   * Decimals that values are rounded to before scoring, so that what is stored is what was scored. Except for `mrr`, a value scaled by them
   * fits in 32 bits.
   */
  readonly decimals: number;
  /** Values are clamped to ± this; default: what fits. */
  readonly most?: number;
  /** A state that holds until the next one is sent, so it stays known when its source goes silent. */
  readonly lasting?: true;
  /** Possible values, where narrower than those of its unit. */
  readonly range?: FeatureRange;
  /** Features of a group mean the same to people: only one of them is given as a reason. */
  readonly group?: string;
  /**
   * Set where the other direction would be absurd: 1 if a greater value can only raise the churn risk, -1 if it can only lower it. Other
   * features may bend as the data say. What the scorecard weighs heavily (use and its trend, overdue bills) is free: the direction is in the
   * offset, and boosting must be able to take back what the offset overdoes. A judgment call.
   */
  readonly churn?: 1 | -1;
  /** Left out of models: it is part of churning itself. */
  readonly partOfLeaving?: true;
}

export const YES_NO = '1 (yes) or 0 (no)';
/** Percentages are clamped to this. */
export const MAX_PERCENT = 1_000;
/** Fewer events than this in the earlier 28 days make no trend; a judgment call. */
export const MIN_EVENTS = 10;
export const MIN_ANSWERS = 3;
/** Projections are clamped to this. */
export const MAX_DAYS = 3_650;
/** Readings of a gauge that span fewer days make no trend; a judgment call. */
export const MIN_GROWTH_DAYS = 7;
