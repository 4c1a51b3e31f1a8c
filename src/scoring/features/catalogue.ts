export const FEATURE_SOURCES = ['usage', 'tickets', 'subscriptions'] as const;
export type FeatureSource = (typeof FEATURE_SOURCES)[number];

export interface Feature {
  readonly key: string;
  readonly unit: string;
  /** What it says, and when it is unknown (null). */
  readonly meaning: string;
  readonly source: FeatureSource;
  /** Digits behind the point: values are rounded to them before they are scored, so what is stored is what was scored. */
  readonly decimals: number;
}

/** Percentages beyond it say no more. */
export const MOST_PERCENT = 1_000;
/** Fewer events than this in the earlier 28 days make no trend; a judgement. */
export const LEAST_EVENTS = 10;
/** A tier with fewer accounts that have a trend has no median; a judgement. */
export const LEAST_PEERS = 5;
export const LEAST_ANSWERS = 3;

/** Every feature, defined once. Days are UTC; "the last 28 days" are `asOf` and the 27 days before it. */
export const CATALOGUE = [
  {
    key: 'activeDays28',
    unit: 'days',
    meaning: 'Days with use among the last 28. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'usageTrend28',
    unit: 'percent',
    meaning:
      'Events of the last 28 days against the 28 days before, minus the median of its tier (of at least 5 accounts), within ±1,000. ' +
      'Unknown below 10 events in the earlier 28 days, and when first used within the 56 days.',
    source: 'usage',
    decimals: 1,
  },
  {
    key: 'daysSinceLastUse',
    unit: 'days',
    meaning: 'Days since the last day with use; 0 when used on the day itself. Unknown when never used.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'oldestUrgentDays',
    unit: 'days',
    meaning:
      'How long the urgent ticket open the longest has been open, since it was last reopened; 0 when none is open. ' +
      'Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 1,
  },
  {
    key: 'csat90',
    unit: 'points from 1 to 5',
    meaning: 'Mean of the ticket ratings given in the last 90 days. Unknown below 3 of them.',
    source: 'tickets',
    decimals: 2,
  },
  {
    key: 'mrr',
    unit: 'minor units of the reporting currency',
    meaning:
      'Monthly recurring revenue of the running subscriptions, trials counting 0. Unknown while no subscription has ever come in.',
    source: 'subscriptions',
    decimals: 0,
  },
  {
    key: 'mrrChange180',
    unit: 'percent',
    meaning:
      'MRR against that of 180 days before, both at the exchange rates of the day itself, up to 1,000. Unknown when there was none then.',
    source: 'subscriptions',
    decimals: 1,
  },
] as const satisfies readonly Feature[];

export type FeatureKey = (typeof CATALOGUE)[number]['key'];
export type Features = Record<FeatureKey, number | null>;

export function roundFeature(key: FeatureKey, value: number | null): number | null {
  if (value === null) return null;
  const { decimals } = CATALOGUE.find((feature) => feature.key === key) ?? { decimals: 0 };
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale + 0;
}
