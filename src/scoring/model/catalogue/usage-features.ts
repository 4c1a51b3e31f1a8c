import { counted, days, direction, percent, points, rankedIn } from './words.js';
import { type Feature, MIN_EVENTS, MAX_PERCENT } from './feature.js';

/** Standard deviations from the usual level that count as far; a judgment call. */
const FAR = 2;

/** Days are UTC; "the last 28 days" are `asOf` and the 27 days before it. */
export const USAGE_FEATURES = [
  {
    key: 'activeDays7',
    name: 'active days in the last 7',
    text: (value) => `used on ${value} of the last 7 days`,
    unit: 'days',
    meaning: 'Days with usage in the last 7. Unknown until any account has sent usage.',
    source: 'usage',
    decimals: 0,
    range: [0, 7],
    group: 'use',
  },
  {
    key: 'activeDays28',
    name: 'active days in the last 28',
    text: (value) => `used on ${value} of the last 28 days`,
    unit: 'days',
    meaning: 'Days with usage in the last 28. Unknown until any account has sent usage.',
    source: 'usage',
    decimals: 0,
    range: [0, 28],
    group: 'use',
  },
  {
    key: 'activeDays90',
    name: 'active days in the last 90',
    text: (value) => `used on ${value} of the last 90 days`,
    unit: 'days',
    meaning: 'Days with usage in the last 90. Unknown until any account has sent usage.',
    source: 'usage',
    decimals: 0,
    range: [0, 90],
    group: 'use',
  },
  {
    key: 'events28',
    name: 'events in 28 days',
    text: (value) => `${counted(value, 'event')} in 28 days`,
    unit: 'events',
    meaning: 'Events in the last 28 days. Unknown until any account has sent usage.',
    source: 'usage',
    decimals: 0,
    group: 'use',
  },
  {
    key: 'usageTrend28',
    name: 'usage trend against its tier',
    text: (value) =>
      value === 0 ? 'usage trend in line with its tier' : `usage ${points(value)} against its tier`,
    unit: 'percent',
    meaning:
      'Change in events from the prior 28 days to the last 28, minus the median of its tier (at least 5 accounts), within ±1,000. ' +
      `Unknown with fewer than ${MIN_EVENTS} events in the earlier period, or when usage began within the 56 days.`,
    source: 'usage',
    most: MAX_PERCENT,
    decimals: 1,
    range: [-MAX_PERCENT, MAX_PERCENT],
    group: 'usage trend',
  },
  {
    key: 'usageGrowth28',
    name: 'usage growth over 28 days',
    text: (value) => (value === 0 ? 'usage flat over 28 days' : `usage ${direction(value)} over 28 days`),
    unit: 'percent',
    meaning:
      'Change in events from the prior 28 days to the last 28, up to 1,000. ' +
      `Unknown with fewer than ${MIN_EVENTS} events in the earlier period, or when usage began within the 56 days.`,
    source: 'usage',
    most: MAX_PERCENT,
    decimals: 1,
    group: 'usage trend',
  },
  {
    key: 'usageGrowthPrior28',
    name: 'usage growth in the prior 28 days',
    text: (value) =>
      value === 0 ? 'usage flat in the prior 28 days' : `usage ${direction(value)} in the prior 28 days`,
    unit: 'percent',
    meaning:
      'The same change one period earlier: from days 57 to 84 back to days 29 to 56 back, up to 1,000. ' +
      `Unknown with fewer than ${MIN_EVENTS} events in the earlier period, or when usage began within the 84 days.`,
    source: 'usage',
    most: MAX_PERCENT,
    decimals: 1,
    group: 'usage trend',
  },
  {
    key: 'activeUsers28',
    name: 'active users in 28 days',
    text: (value) => `${counted(value, 'active user')} in 28 days`,
    unit: 'users',
    meaning:
      'People active in the last 28 days, without anonymous users and your own staff. Unknown until any event has named a user.',
    source: 'usage',
    decimals: 0,
    group: 'license use',
  },
  {
    key: 'licenceUse28',
    name: 'licenses in use',
    text: (value) => `${percent(value)} of licenses in use`,
    unit: 'share',
    meaning: 'Active users in the last 28 days ÷ seats; may exceed 1. Unknown without either.',
    source: 'usage',
    decimals: 3,
    group: 'license use',
  },
  {
    key: 'licenceUse7',
    name: 'licenses in use over 7 days',
    text: (value) => `${percent(value)} of licenses in use in the last 7 days`,
    unit: 'share',
    meaning: 'Active users in the last 7 days ÷ seats; may exceed 1. Unknown without either.',
    source: 'usage',
    decimals: 3,
    group: 'license use',
  },
  {
    key: 'licencesAssigned',
    name: 'licenses assigned',
    text: (value) => `${percent(value)} of licenses assigned`,
    unit: 'share',
    meaning: 'The latest reading of the gauge `licencesAssigned` ÷ seats. Unknown without either.',
    source: 'gauges',
    decimals: 3,
  },
  {
    key: 'featuresUsed28',
    name: 'features used in 28 days',
    text: (value) => `${counted(value, 'feature')} used in 28 days`,
    unit: 'features',
    meaning: 'Distinct events in the last 28 days. Unknown until any account has sent usage.',
    source: 'usage',
    decimals: 0,
    group: 'features used',
  },
  {
    key: 'featuresUsedPercentile',
    name: 'features used, rank in its tier',
    text: (value) => `uses ${rankedIn(value, 'features')}`,
    unit: 'share',
    meaning:
      'Rank of `featuresUsed28` in its tier (at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'usage',
    decimals: 3,
    range: [0, 1],
    group: 'features used',
  },
  {
    key: 'gateHits14',
    name: 'features tried outside its plan',
    text: (value) =>
      value === 0
        ? 'no feature outside its plan tried in 14 days'
        : `tried a feature outside its plan ${counted(value, 'time')} in 14 days`,
    unit: 'events',
    meaning:
      'Times in the last 14 days that someone tried a feature outside the plan: the most frequent of the events in `GATE_EVENTS`. ' +
      'Unknown when that setting is empty, and until any account has sent usage.',
    source: 'usage',
    decimals: 0,
  },
  {
    key: 'daysSinceLastUse',
    name: 'days since last use',
    text: (value) => {
      if (value === 0) return 'used today';
      return value < 7 ? `last used ${days(value)} ago` : `no usage for ${days(value)}`;
    },
    unit: 'days',
    meaning: 'Days since the last day with usage; 0 when used on the day itself. Unknown when never used.',
    source: 'usage',
    decimals: 0,
    group: 'use',
  },
  {
    key: 'usageVsOwn90',
    name: 'usage against its usual level',
    text: (value) =>
      Math.abs(value) < 0.5
        ? 'usage at its usual level'
        : `usage ${Math.abs(value) < FAR ? '' : 'far '}${value < 0 ? 'below' : 'above'} its usual level`,
    unit: 'standard deviations',
    meaning:
      'Events in the last 7 days against the mean of the prior 12 weeks, in standard deviations of those weeks, within ±100. ' +
      'Unknown when usage began within these 91 days, or when the prior weeks were all equal.',
    source: 'usage',
    most: 100,
    decimals: 2,
    group: 'usage trend',
  },
  {
    key: 'usagePercentile',
    name: 'usage rank in its tier',
    text: (value) => rankedIn(value, 'usage', 'less'),
    unit: 'share',
    meaning:
      'Rank of `events28` in its tier (at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'usage',
    decimals: 3,
    range: [0, 1],
    group: 'use',
  },
] as const satisfies readonly Feature[];
