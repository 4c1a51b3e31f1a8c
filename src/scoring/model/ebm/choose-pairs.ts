import { allPairs } from './screen.js';
import type { Pair } from './task.js';

/** A pair must help in the mean over the bags by this many standard errors of that mean. */
const CLEARLY = 1;

/** Those of most gain, at most `limit`, best first. `gains`: by bag, as MainsResult.pairGains. */
export function choosePairs(gains: readonly Float64Array[], features: number, limit: number): Pair[] {
  const told = gains.filter(({ length }) => length > 0);
  if (told.length < 2) return [];
  return allPairs(features)
    .map((pair, place) => {
      const ofBags = told.map((bag) => bag[place] as number);
      const mean = ofBags.reduce((sum, one) => sum + one, 0) / told.length;
      const squares = ofBags.reduce((sum, one) => sum + (one - mean) ** 2, 0);
      return { pair, mean, error: Math.sqrt(squares / (told.length - 1) / told.length) };
    })
    .filter(({ mean, error }) => mean > CLEARLY * error)
    .sort((a, b) => b.mean - a.mean)
    .slice(0, limit)
    .map(({ pair }) => pair);
}
