import { counted, days, direction, percent, points, rankedIn } from './words.js';
import { type Feature, LEAST_EVENTS, MOST_PERCENT } from './feature.js';

/** Standard deviations from which usage is far from its usual; a judgement. */
const FAR = 2;

/** Days are UTC; "the last 28 days" are `asOf` and the 27 days before it. */
export const USAGE_FEATURES = [
  {
    key: 'activeDays7',
    name: 'days with use in the last 7',
    text: (value) => `used on ${value} of the last 7 days`,
    unit: 'days',
    meaning: 'Days with use among the last 7. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
    range: [0, 7],
    group: 'use',
  },
  {
    key: 'activeDays28',
    name: 'days with use in the last 28',
    text: (value) => `used on ${value} of the last 28 days`,
    unit: 'days',
    meaning: 'Days with use among the last 28. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
    range: [0, 28],
    group: 'use',
  },
  {
    key: 'activeDays90',
    name: 'days with use in the last 90',
    text: (value) => `used on ${value} of the last 90 days`,
    unit: 'days',
    meaning: 'Days with use among the last 90. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
    range: [0, 90],
    group: 'use',
  },
  {
    key: 'events28',
    name: 'use in 28 days',
    text: (value) => `${counted(value, 'event')} in 28 days`,
    unit: 'events',
    meaning: 'Events of the last 28 days. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
    group: 'use',
  },
  {
    key: 'usageTrend28',
    name: 'trend of usage against its tier',
    text: (value) =>
      value === 0
        ? 'usage develops as in the rest of its tier'
        : `usage over 28 days develops ${points(value)} the rest of its tier`,
    unit: 'percent',
    meaning:
      'Events of the last 28 days against the 28 days before, minus the median of its tier (of at least 5 accounts), within ±1,000. ' +
      `Unknown below ${LEAST_EVENTS} events in the earlier 28 days, and when first used within the 56 days.`,
    source: 'usage',
    most: MOST_PERCENT,
    decimals: 1,
    range: [-MOST_PERCENT, MOST_PERCENT],
    group: 'usage trend',
  },
  {
    key: 'usageGrowth28',
    name: 'trend of usage over 28 days',
    text: (value) =>
      value === 0 ? 'usage unchanged over 28 days' : `usage ${direction(value)} over 28 days`,
    unit: 'percent',
    meaning:
      'Events of the last 28 days against the 28 days before, up to 1,000. ' +
      `Unknown below ${LEAST_EVENTS} events in the earlier 28 days, and when first used within the 56 days.`,
    source: 'usage',
    most: MOST_PERCENT,
    decimals: 1,
    group: 'usage trend',
  },
  {
    key: 'usageGrowthPrior28',
    name: 'trend of usage in the 28 days before the last 28',
    text: (value) =>
      value === 0
        ? 'usage unchanged over the 28 days before the last 28'
        : `usage ${direction(value)} over the 28 days before the last 28`,
    unit: 'percent',
    meaning:
      'Events of the 28 days before the last 28 against the 28 days before them, up to 1,000. ' +
      `Unknown below ${LEAST_EVENTS} events in the earlier 28 days, and when first used within the 84 days.`,
    source: 'usage',
    most: MOST_PERCENT,
    decimals: 1,
    group: 'usage trend',
  },
  {
    key: 'activeUsers28',
    name: 'active users in 28 days',
    text: (value) => `${counted(value, 'active user')} in 28 days`,
    unit: 'users',
    meaning:
      'Users active on a day of the last 28, without anonymous ones and own people. Unknown while no user has ever been named.',
    source: 'usage',
    decimals: 0,
    group: 'license use',
  },
  {
    key: 'licenceUse28',
    name: 'share of licences in use',
    text: (value) => `${percent(value)} of the licences in use`,
    unit: 'share',
    meaning: 'Active users of the last 28 days ÷ seats; may exceed 1. Unknown without either.',
    source: 'usage',
    decimals: 3,
    group: 'license use',
  },
  {
    key: 'licenceUse7',
    name: 'share of licences in use in 7 days',
    text: (value) => `${percent(value)} of the licences in use in the last 7 days`,
    unit: 'share',
    meaning: 'Active users of the last 7 days ÷ seats; may exceed 1. Unknown without either.',
    source: 'usage',
    decimals: 3,
    group: 'license use',
  },
  {
    key: 'licencesAssigned',
    name: 'share of licences assigned',
    text: (value) => `${percent(value)} of the licences assigned`,
    unit: 'share',
    meaning: 'The newest reading of the gauge `licencesAssigned` ÷ seats. Unknown without either.',
    source: 'gauges',
    decimals: 3,
  },
  {
    key: 'featuresUsed28',
    name: 'features used in 28 days',
    text: (value) => `${counted(value, 'feature')} used in 28 days`,
    unit: 'features',
    meaning: 'Different events of the last 28 days. Unknown while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
    group: 'features used',
  },
  {
    key: 'featuresUsedPercentile',
    name: 'features used against its tier',
    text: (value) => `uses ${rankedIn(value, 'features')}`,
    unit: 'share',
    meaning:
      'Where `featuresUsed28` stands in its tier (of at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'usage',
    decimals: 3,
    range: [0, 1],
    group: 'features used',
  },
  {
    key: 'gateHits14',
    name: 'features tried beyond its plan',
    text: (value) =>
      value === 0
        ? 'no feature beyond its plan tried in 14 days'
        : `a feature beyond its plan tried ${counted(value, 'time')} in 14 days`,
    unit: 'events',
    meaning:
      'Events of the last 14 days by which somebody tried what the plan does not hold; of the events in `GATE_EVENTS` the one sent most. ' +
      'Unknown when none is named there, and while no usage has ever come in.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'daysSinceLastUse',
    name: 'last use',
    text: (value) => {
      if (value === 0) return 'in use today';
      return value < 7 ? `last used ${days(value)} ago` : `no use for ${days(value)}`;
    },
    unit: 'days',
    meaning: 'Days since the last day with use; 0 when used on the day itself. Unknown when never used.',
    source: 'usage',
    decimals: 0,
    group: 'use',
  },
  {
    key: 'usageVsOwn90',
    name: 'usage against its own usual',
    text: (value) =>
      Math.abs(value) < 0.5
        ? 'usage as usual for it'
        : `usage ${Math.abs(value) < FAR ? '' : 'far '}${value < 0 ? 'below' : 'above'} its own usual`,
    unit: 'standard deviations',
    meaning:
      'Events of the last 7 days against the mean of the 12 weeks before, in standard deviations of those weeks, within ±100. ' +
      'Unknown when first used within these 91 days, and when the weeks before were all alike.',
    source: 'usage',
    most: 100,
    decimals: 2,
    group: 'usage trend',
  },
  {
    key: 'usagePercentile',
    name: 'use against its tier',
    text: (value) => rankedIn(value, 'use', 'less'),
    unit: 'share',
    meaning:
      'Where `events28` stands in its tier (of at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'usage',
    decimals: 3,
    range: [0, 1],
    group: 'use',
  },
] as const satisfies readonly Feature[];
