import type { ScoredAccount } from './scored-account.js';

/** All given bounds must be met; without bounds, any known value matches. */
export interface Bounds {
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly below?: number;
  readonly above?: number;
}

export const NAMED_ATTRIBUTES = ['tier', 'stage', 'status'] as const;
export type NamedAttribute = (typeof NAMED_ATTRIBUTES)[number];

export interface FeatureCondition extends Bounds {
  readonly feature: string;
}
export interface NamedCondition {
  readonly attribute: NamedAttribute;
  readonly is: readonly string[];
}
/** The same as a condition on the feature `tenureDays`. */
export interface TenureCondition extends Bounds {
  readonly attribute: 'tenureDays';
}
export type Condition = FeatureCondition | NamedCondition | TenureCondition;

/** The feature of a condition; null if it is on an attribute. */
export function featureOf(condition: Condition): string | null {
  if ('feature' in condition) return condition.feature;
  return condition.attribute === 'tenureDays' ? 'tenureDays' : null;
}

/** Unknown values never match; an empty list always matches. */
export function allHold(conditions: readonly Condition[] | undefined, account: ScoredAccount): boolean {
  return conditions === undefined || conditions.every((condition) => holds(condition, account));
}

function holds(condition: Condition, account: ScoredAccount): boolean {
  if ('is' in condition) {
    const value = account[condition.attribute];
    return value !== null && condition.is.includes(value);
  }
  const feature = 'feature' in condition ? condition.feature : condition.attribute;
  const value = account.features[feature];
  return value !== null && value !== undefined && within(condition, value);
}

function within({ atLeast, atMost, below, above }: Bounds, value: number): boolean {
  return (
    (atLeast === undefined || value >= atLeast) &&
    (atMost === undefined || value <= atMost) &&
    (below === undefined || value < below) &&
    (above === undefined || value > above)
  );
}
