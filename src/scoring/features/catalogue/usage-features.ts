import { type Feature, LEAST_EVENTS, MOST_PERCENT } from './feature.js';

/** Days are UTC; "the last 28 days" are `asOf` and the 27 days before it. */
export const USAGE_FEATURES = [
  {
    key: 'activeDays7',
    unit: 'days',
    meaning: 'Days with use among the last 7. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'activeDays28',
    unit: 'days',
    meaning: 'Days with use among the last 28. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'activeDays90',
    unit: 'days',
    meaning: 'Days with use among the last 90. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'events28',
    unit: 'events',
    meaning: 'Events of the last 28 days. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'usageTrend28',
    unit: 'percent',
    meaning:
      'Events of the last 28 days against the 28 days before, minus the median of its tier (of at least 5 accounts), within ±1,000. ' +
      `Unknown below ${LEAST_EVENTS} events in the earlier 28 days, and when first used within the 56 days.`,
    source: 'usage',
    most: MOST_PERCENT,
    decimals: 1,
  },
  {
    key: 'usageGrowth28',
    unit: 'percent',
    meaning:
      'Events of the last 28 days against the 28 days before, up to 1,000. ' +
      `Unknown below ${LEAST_EVENTS} events in the earlier 28 days, and when first used within the 56 days.`,
    source: 'usage',
    most: MOST_PERCENT,
    decimals: 1,
  },
  {
    key: 'usageGrowthPrior28',
    unit: 'percent',
    meaning:
      'Events of the 28 days before the last 28 against the 28 days before them, up to 1,000. ' +
      `Unknown below ${LEAST_EVENTS} events in the earlier 28 days, and when first used within the 84 days.`,
    source: 'usage',
    most: MOST_PERCENT,
    decimals: 1,
  },
  {
    key: 'activeUsers28',
    unit: 'users',
    meaning:
      'Users active on a day of the last 28, without anonymous ones and own people. Unknown while no user has ever been named.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'licenceUse28',
    unit: 'share',
    meaning: 'Active users of the last 28 days ÷ seats; may exceed 1. Unknown without either.',
    source: 'usage',
    decimals: 3,
  },
  {
    key: 'licenceUse7',
    unit: 'share',
    meaning: 'Active users of the last 7 days ÷ seats; may exceed 1. Unknown without either.',
    source: 'usage',
    decimals: 3,
  },
  {
    key: 'licencesAssigned',
    unit: 'share',
    meaning: 'The newest reading of the gauge `licencesAssigned` ÷ seats. Unknown without either.',
    source: 'gauges',
    decimals: 3,
  },
  {
    key: 'featuresUsed28',
    unit: 'features',
    meaning: 'Different events of the last 28 days. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'featuresUsedPercentile',
    unit: 'share',
    meaning:
      'Where `featuresUsed28` stands in its tier (of at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'usage',
    decimals: 3,
  },
  {
    key: 'gateHits14',
    unit: 'events',
    meaning:
      'Events of the last 14 days by which somebody tried what the plan does not hold; of the events in `GATE_EVENTS` the one sent most. ' +
      'Unknown when none is named there, and while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'daysSinceLastUse',
    unit: 'days',
    meaning: 'Days since the last day with use; 0 when used on the day itself. Unknown when never used.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'usageVsOwn90',
    unit: 'standard deviations',
    meaning:
      'Events of the last 7 days against the mean of the 12 weeks before, in standard deviations of those weeks, within ±100. ' +
      'Unknown when first used within these 91 days, and when the weeks before were all alike.',
    source: 'usage',
    most: 100,
    decimals: 2,
  },
  {
    key: 'usagePercentile',
    unit: 'share',
    meaning:
      'Where `events28` stands in its tier (of at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'usage',
    decimals: 3,
  },
] as const satisfies readonly Feature[];
