import type { Pair, ScreenResult } from './task.js';

/** False discovery rate of the chosen pairs (Benjamini & Hochberg 1995); a judgment call. */
const FALSE_SHARE = 0.02;
/** Share of the chance draws that its tail is estimated from. */
const TAIL = 0.1;

/** The pairs whose gain is significantly above chance, highest gain first, at most `limit`. */
export function choosePairs(pairs: readonly Pair[], { gains, chance }: ScreenResult, limit: number): Pair[] {
  const likely = tailOf(chance);
  const ranked = pairs
    .map((pair, index) => ({ pair, gain: gains[index] as number }))
    .sort((a, b) => b.gain - a.gain);
  let taken = ranked.length;
  while (
    taken > 0 &&
    likely((ranked[taken - 1] as { gain: number }).gain) > (FALSE_SHARE * taken) / pairs.length
  )
    taken--;
  return ranked.slice(0, Math.min(taken, limit)).map(({ pair }) => pair);
}

/** The p-value of a gain in the tail, which is modeled as exponential; 1 for gains below the tail. */
function tailOf(chance: Float64Array): (value: number) => number {
  const draws = chance.toSorted();
  const begins = Math.floor(draws.length * (1 - TAIL));
  const threshold = draws[begins] ?? 0;
  const beyond = draws.subarray(begins);
  const scale = beyond.reduce((sum, draw) => sum + draw - threshold, 0) / beyond.length;
  return (value) => (value > threshold ? TAIL * Math.exp(-(value - threshold) / scale) : 1);
}
