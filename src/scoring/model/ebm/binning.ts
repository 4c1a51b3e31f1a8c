import {
  binCount,
  type CategoryFeature,
  type EbmFeature,
  MISSING,
  type Monotone,
  type NumericFeature,
  type RawColumn,
} from './columns.js';

/** Together with the bin for "missing", a number has at most 64 bins. */
const NUMERIC_BINS = 63;
/** Maximum rows the cuts are computed from; larger tables use every second, third, … row. */
const ASKED = 250_000;
/** Together with "missing" and "unseen", a category fits in a byte. */
const CATEGORIES = 253;

/**
 * Bins from the training rows. A number with few distinct values gets a bin for each, otherwise bins of about equal count; a category
 * gets a bin for each of its values, or for the 253 most frequent.
 */
export function fitBins(column: RawColumn, monotone: Monotone = 0): EbmFeature {
  return column.kind === 'numeric'
    ? fitNumeric(column.name, column.values, monotone)
    : fitCategory(column.name, column.values);
}

function fitNumeric(name: string, values: ArrayLike<number>, monotone: Monotone): NumericFeature {
  const stride = Math.ceil(values.length / ASKED);
  const sample = new Float64Array(Math.ceil(values.length / Math.max(1, stride)));
  for (let at = 0; at < sample.length; at++) sample[at] = values[at * stride] as number;
  const sorted = sample.filter(Number.isFinite).sort();
  const distinct: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < sorted.length; at++) {
    if (at + 1 < sorted.length && sorted[at] === sorted[at + 1]) continue;
    distinct.push(sorted[at] ?? NaN);
    ends.push(at + 1);
  }
  return { name, kind: 'numeric', cuts: cutsOf(distinct, ends), monotone };
}

/** Cuts lie halfway between neighboring values. `ends`: the number of rows up to each value. A value that many rows share gets its own bin. */
function cutsOf(distinct: readonly number[], ends: readonly number[]): number[] {
  const cuts: number[] = [];
  const rows = ends.at(-1) ?? 0;
  const all = distinct.length <= NUMERIC_BINS;
  let start = 0;
  for (let at = 0; at + 1 < distinct.length; at++) {
    const left = NUMERIC_BINS - cuts.length;
    if (left === 1) break;
    const end = ends[at] ?? 0;
    const share = (rows - start) / left;
    const withNext = (ends[at + 1] ?? 0) - start;
    // The bin is closed when one more value would overshoot by more than it now falls short.
    if (!all && end - start < share && share - (end - start) >= withNext - share) continue;
    cuts.push(between(distinct[at] ?? 0, distinct[at + 1] ?? 0));
    start = end;
  }
  return cuts;
}

/** A value above `low` and at most `high`, even if no number lies between them or their sum overflows. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle > low ? middle : high;
}

function fitCategory(name: string, values: ArrayLike<string | null>): CategoryFeature {
  const counts = new Map<string, number>();
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? null;
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const categories = byCount.slice(0, CATEGORIES).map(([value]) => value);
  return { name, kind: 'category', categories };
}

/**
 * The bin of each row. `into` has one byte per row and may be shared memory.
 * @throws RangeError if the kinds of column and feature differ
 */
export function binColumn(
  feature: EbmFeature,
  column: RawColumn,
  into: Uint8Array = new Uint8Array(column.values.length),
): Uint8Array {
  if (feature.kind === 'numeric' && column.kind === 'numeric')
    for (let row = 0; row < into.length; row++)
      into[row] = numericBin(feature.cuts, column.values[row] ?? NaN);
  else if (feature.kind === 'category' && column.kind === 'category')
    binCategories(feature, column.values, into);
  else throw new RangeError(`${feature.name} is a ${feature.kind} feature but its column is ${column.kind}`);
  return into;
}

/** The bin of one number; NaN is missing. */
export function numericBin(cuts: readonly number[], value: number): number {
  if (!Number.isFinite(value)) return MISSING;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value < (cuts[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

function binCategories(feature: CategoryFeature, values: ArrayLike<string | null>, into: Uint8Array): void {
  const bins = new Map(feature.categories.map((value, index) => [value, index + 1]));
  const unseen = binCount(feature) - 1;
  for (let row = 0; row < into.length; row++) {
    const value = values[row] ?? null;
    into[row] = value === null ? MISSING : (bins.get(value) ?? unseen);
  }
}
