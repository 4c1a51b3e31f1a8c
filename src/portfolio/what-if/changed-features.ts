import { roundFeature } from '../../scoring/features/catalogue.js';
import { type Feature, YES_NO } from '../../scoring/model/catalogue/feature.js';
import { rangeOf } from '../../scoring/model/catalogue/feature-range.js';
import { type Problem, ProblemList } from '../../scoring/model/problems.js';
import { agreeing } from './agreeing-features.js';

type FeatureKey = Parameters<typeof roundFeature>[0];
type Values = Readonly<Record<string, number | null>>;
type Known = Pick<Feature, 'key' | 'unit' | 'range'>;

/** It determines the status, which a what-if cannot change. */
const NOTICE = 'noticeGiven';

/** All problems of the given values, with pointers under `/features`. */
export function problemsWith(given: unknown, known: readonly Known[]): Problem[] {
  const problems = new ProblemList();
  const keys = known.map(({ key }) => key);
  const values = problems.object(given, '/features', [], keys) ?? {};
  for (const feature of known.filter(({ key }) => Object.hasOwn(values, key))) {
    const value = values[feature.key];
    const place = `/features/${escaped(feature.key)}`;
    if (feature.key === NOTICE) {
      problems.add(place, 'not_allowed', 'Cannot be changed here: notice is derived from the subscriptions');
    } else if (value !== null) look(problems, value, place, feature);
  }
  return problems.found;
}

function look(problems: ProblemList, value: unknown, place: string, feature: Known): void {
  const [min, max] = rangeOf(feature);
  const number = problems.number(value, place, { min, max });
  if (feature.unit === YES_NO && number !== null && !Number.isInteger(number))
    problems.add(place, 'out_of_range', 'Must be 1 (yes) or 0 (no)');
}

export interface Changed {
  readonly features: Record<string, number | null>;
  /** Features adjusted along with the given ones. */
  readonly along: Record<string, number | null>;
}

/** Replaces stored values with the given ones, rounded like a run would, and adjusts dependent ones. */
export function withChanged(stored: Values, given: Values): Changed {
  const rounded: Values = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, roundFeature(key as FeatureKey, value)]),
  );
  const along = agreeing(stored, rounded);
  return { features: { ...stored, ...rounded, ...along }, along };
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
