import type { FeatureKey } from '../../scoring/model/catalogue/catalogue.js';
import type { FeatureRange } from '../../scoring/model/catalogue/feature.js';

type Values = Readonly<Record<string, number | null>>;

/** The range that one feature's value leaves for another feature of the same facts; null if that one becomes unknown. */
interface Agreement {
  readonly of: FeatureKey;
  readonly to: FeatureKey;
  readonly range: (value: number) => FeatureRange | null;
}

const NONE: FeatureRange = [0, 0];
const ANY: FeatureRange = [-Infinity, Infinity];

/** Either both are 0 or neither. `min`: minimum of the second otherwise. */
function zeroTogether(count: FeatureKey, size: FeatureKey, min: number): Agreement[] {
  return [
    { of: count, to: size, range: (value) => (value > 0 ? [min, Infinity] : NONE) },
    { of: size, to: count, range: (value) => (value > 0 ? [1, Infinity] : NONE) },
  ];
}

/** The first is a part of the second. `rest`: maximum of the other part. */
function partOf(part: FeatureKey, whole: FeatureKey, rest = Infinity): Agreement[] {
  return [
    { of: part, to: whole, range: (value) => [value, value + rest] },
    { of: whole, to: part, range: (value) => [value - rest, value] },
  ];
}

function activeWithin(days: number, activeDays: FeatureKey): Agreement[] {
  return [
    { of: 'daysSinceLastUse', to: activeDays, range: (value) => (value < days ? [1, days] : NONE) },
    {
      of: activeDays,
      to: 'daysSinceLastUse',
      range: (value) => (value > 0 ? [0, days - 1] : [days, Infinity]),
    },
  ];
}

/** Only logical constraints. */
const AGREEMENTS: readonly Agreement[] = [
  ...zeroTogether('overdueInvoices', 'overdueDays', 1),
  ...zeroTogether('openUrgent', 'oldestUrgentDays', 0.1),
  ...zeroTogether('milestonesLate', 'milestoneLateDays', 1),
  ...zeroTogether('activeUsers28', 'licenceUse28', 0.001),
  ...zeroTogether('activeDays28', 'events28', 1),
  ...zeroTogether('featuresUsed28', 'events28', 1),
  ...partOf('openUrgent', 'openTickets'),
  ...partOf('activeDays7', 'activeDays28', 21),
  ...partOf('activeDays28', 'activeDays90', 62),
  ...partOf('activeDays28', 'events28'),
  ...partOf('licenceUse7', 'licenceUse28'),
  ...activeWithin(7, 'activeDays7'),
  ...activeWithin(28, 'activeDays28'),
  ...activeWithin(90, 'activeDays90'),
  { of: 'events28', to: 'activeUsers28', range: (value) => (value > 0 ? ANY : NONE) },
  { of: 'activeUsers28', to: 'events28', range: (value) => (value > 0 ? [1, Infinity] : ANY) },
  { of: 'championLost', to: 'championActive28', range: (value) => (value === 1 ? null : ANY) },
  { of: 'championActive28', to: 'championLost', range: () => NONE },
];

/**
 * Adjusts other features of the same facts to the given values, as little as necessary. Given and unknown values are not
 * changed, even if given values contradict each other.
 */
export function agreeing(stored: Values, given: Values): Record<string, number | null> {
  const values: Record<string, number | null> = { ...stored, ...given };
  const moved: Record<string, number | null> = {};
  const bounds = new Map<string, FeatureRange>();
  const waiting = Object.keys(given);
  for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
    const value = values[key] ?? null;
    if (value === null) continue;
    for (const { to, range } of AGREEMENTS.filter((one) => one.of === key)) {
      const current = values[to] ?? null;
      if (current === null || Object.hasOwn(given, to)) continue;
      const next = within(range(value), current, to, bounds);
      if (next === current) continue;
      values[to] = moved[to] = next;
      waiting.push(to);
    }
  }
  return moved;
}

/** Bounds only become narrower, so this terminates; an empty range is ignored. */
function within(
  range: FeatureRange | null,
  current: number,
  key: string,
  bounds: Map<string, FeatureRange>,
): number | null {
  if (range === null) return null;
  const [before, after] = bounds.get(key) ?? ANY;
  const min = Math.max(before, range[0]);
  const max = Math.min(after, range[1]);
  if (min > max) return current;
  bounds.set(key, [min, max]);
  return Math.max(min, Math.min(max, current));
}
