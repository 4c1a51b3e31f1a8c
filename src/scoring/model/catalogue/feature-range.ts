import type { CATALOGUE } from './catalogue.js';
import { type Feature, type FeatureRange, MAX_DAYS, MAX_PERCENT, YES_NO } from './feature.js';

type Known = (typeof CATALOGUE)[number];

/** Ten times what was paid for; a judgment call. */
const MAX_SHARE = 10;
/** Counts are stored in 32 bits. */
const MAX_COUNT = 2_000_000_000;
const MAX_PASSED_DAYS = 100_000;
const COUNT: FeatureRange = [0, MAX_COUNT];
const DAYS: FeatureRange = [0, MAX_PASSED_DAYS];

const OF_UNIT: Record<Known['unit'], FeatureRange> = {
  [YES_NO]: [0, 1],
  days: DAYS,
  hours: [0, 24 * MAX_DAYS],
  share: [0, MAX_SHARE],
  percent: [-100, MAX_PERCENT],
  points: [-10, 10],
  'points from 0 to 10': [0, 10],
  'points from 1 to 5': [1, 5],
  'standard deviations': [-100, 100],
  'tickets per seat': [0, 1_000],
  'minor units of the reporting currency': [0, Number.MAX_SAFE_INTEGER],
  contacts: COUNT,
  events: COUNT,
  features: COUNT,
  invoices: COUNT,
  milestones: COUNT,
  products: COUNT,
  seats: COUNT,
  tickets: COUNT,
  users: COUNT,
};

/** The possible values of a feature; configured ones are clamped to ±20,000,000. */
export function rangeOf({ unit, range }: Pick<Feature, 'unit' | 'range'>): FeatureRange {
  const own: FeatureRange = [-20_000_000, 20_000_000];
  return range ?? (OF_UNIT as Record<string, FeatureRange>)[unit] ?? own;
}
