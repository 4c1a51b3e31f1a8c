import { binCount, type EbmFeature, MISSING, type NumericFeature } from './columns.js';

/** Functions of one feature that share a penalty. */
export interface Block {
  /** Index of the feature. */
  readonly feature: number;
  /** Each function has a value per bin. */
  readonly functions: readonly Float64Array[];
}

/** Knots of a number's shape, at a quarter, half and three quarters of its range. */
const BENDS = 3;
/** Maximum values of a category, including missing, most frequent first; the rest is left to boosting. */
const CATEGORIES = 30;
/** Share of a number's rows on each side beyond which the shape is flat. */
const TAIL = 0.005;

/**
 * The basis of the feature's smooth shape. A number has a straight line and hinges max(0, x − knot), a category an indicator of each value;
 * missing is a block of its own. Functions of numbers have mean 0 and standard deviation 1 over the rows.
 * `counts`: rows by bin.
 */
export function blocksOf(feature: EbmFeature, index: number, counts: Float64Array): Block[] {
  const bins = binCount(feature);
  const indicator = (bin: number): Float64Array => new Float64Array(bins).fill(1, bin, bin + 1);
  if (feature.kind === 'category') {
    // The most frequent come first.
    const common = Array.from({ length: Math.min(bins - 1, CATEGORIES) }, (_, bin) => bin);
    const seen = common.filter((bin) => counts[bin] !== 0);
    return seen.length < 2 ? [] : [{ feature: index, functions: seen.map(indicator) }];
  }
  const isMissed = counts[MISSING] !== 0 && counts.some((count, bin) => bin !== MISSING && count > 0);
  const missing = isMissed ? [indicator(MISSING)] : [];
  const shapes = shapesOf(feature, counts).flatMap((shape) => standardised(shape, counts));
  return [missing, shapes]
    .filter((functions) => functions.length > 0)
    .map((functions) => ({ feature: index, functions }));
}

/** The number by bin, clamped to the range of most rows, and its hinges. */
function shapesOf(feature: NumericFeature, counts: Float64Array): Float64Array[] {
  const known = counts.subarray(MISSING + 1);
  const total = known.reduce((sum, count) => sum + count, 0);
  const middles = middlesOf(feature);
  const least = TAIL * total;
  let [first, below] = [0, known[0] ?? 0];
  while (below < least) below += known[++first] ?? total;
  let [last, above] = [known.length - 1, known.at(-1) ?? 0];
  while (above < least && last > first) above += known[--last] ?? total;
  const [low, high] = [middles[first] ?? 0, middles[last] ?? 0];
  const distinct = known.subarray(first, last + 1).filter((count) => count > 0).length;
  const bends = Math.max(0, Math.min(BENDS, distinct - 2));
  const knots = Array.from({ length: bends }, (_, bend) => low + ((high - low) * (bend + 1)) / (bends + 1));
  return [-Infinity, ...knots].map((knot) =>
    Float64Array.of(
      0,
      ...middles.map((middle) => {
        const x = Math.min(high, Math.max(low, middle));
        return knot === -Infinity ? x : Math.max(0, x - knot);
      }),
    ),
  );
}

/** The midpoint of each bin of a number; the outer bins are taken to be as wide as their neighbors. */
function middlesOf({ cuts }: NumericFeature): number[] {
  if (cuts.length === 0) return [0];
  const [first = 0, second = first + 1] = cuts;
  const last = cuts.at(-1) ?? 0;
  const before = cuts.at(-2) ?? last - 1;
  const edges = [2 * first - second, ...cuts, 2 * last - before];
  return edges.slice(1).map((edge, index) => ((edges[index] ?? 0) + edge) / 2);
}

/** Standardized over the known rows, 0 for missing. Empty if all rows have the same value. */
function standardised(values: Float64Array, counts: Float64Array): Float64Array[] {
  const from = MISSING + 1;
  let [total, mean, square] = [0, 0, 0];
  for (let bin = from; bin < values.length; bin++) {
    total += counts[bin] ?? 0;
    mean += (counts[bin] ?? 0) * (values[bin] ?? 0);
  }
  mean /= total;
  for (let bin = from; bin < values.length; bin++)
    square += (counts[bin] ?? 0) * ((values[bin] ?? 0) - mean) ** 2;
  const sd = Math.sqrt(square / total);
  if (!(sd > 0)) return [];
  return [values.map((value, bin) => (bin < from ? 0 : (value - mean) / sd))];
}
