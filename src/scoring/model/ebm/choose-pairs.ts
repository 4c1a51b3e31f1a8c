import type { Pair, ScreenResult } from './task.js';

/** Of the pairs that are taken, at most this share may be there by chance (Benjamini & Hochberg 1995); a judgement. */
const FALSE_SHARE = 0.02;
/** The share of the draws of chance that its tail is read from. */
const TAIL = 0.1;

/** The pairs that stand out from what chance gives to any of them, most gain first, at most `limit`. */
export function choosePairs(pairs: readonly Pair[], { gains, chance }: ScreenResult, limit: number): Pair[] {
  const likely = tailOf(chance);
  const ranked = pairs
    .map((pair, place) => ({ pair, gain: gains[place] as number }))
    .sort((a, b) => b.gain - a.gain);
  let taken = ranked.length;
  while (
    taken > 0 &&
    likely((ranked[taken - 1] as { gain: number }).gain) > (FALSE_SHARE * taken) / pairs.length
  )
    taken--;
  return ranked.slice(0, Math.min(taken, limit)).map(({ pair }) => pair);
}

/** How likely chance gives as much as a value, of values in the tail; 1 for others. The tail falls off like an exponential. */
function tailOf(chance: Float64Array): (value: number) => number {
  const draws = chance.toSorted();
  const begins = Math.floor(draws.length * (1 - TAIL));
  const threshold = draws[begins] ?? 0;
  const beyond = draws.subarray(begins);
  const scale = beyond.reduce((sum, draw) => sum + draw - threshold, 0) / beyond.length;
  return (value) => (value > threshold ? TAIL * Math.exp(-(value - threshold) / scale) : 1);
}
