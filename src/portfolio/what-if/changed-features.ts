import { roundFeature } from '../../scoring/features/catalogue.js';
import { type Problem, ProblemList } from '../../scoring/model/problems.js';

type FeatureKey = Parameters<typeof roundFeature>[0];
type Values = Readonly<Record<string, number | null>>;

const ANY = { least: -1e12, most: 1e12 };

/** All that is wrong with values that a caller gave, each with its place under `/features`. */
export function problemsWith(given: unknown, known: readonly string[]): Problem[] {
  const problems = new ProblemList();
  const values = problems.object(given, '/features', [], known) ?? {};
  for (const key of known.filter((one) => Object.hasOwn(values, one))) {
    if (values[key] !== null) problems.number(values[key], `/features/${escaped(key)}`, ANY);
  }
  return problems.found;
}

/** With the given ones in place of those that were stored, rounded as a run would have stored them. */
export function withChanged(stored: Values, given: Values): Record<string, number | null> {
  const rounded = Object.entries(given).map(([key, value]) => [key, roundFeature(key as FeatureKey, value)]);
  return { ...stored, ...(Object.fromEntries(rounded) as Values) };
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
