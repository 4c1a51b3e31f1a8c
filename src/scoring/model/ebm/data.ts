import { binColumn } from './binning.js';
import type { EbmFeature, RawColumn } from './columns.js';
import type { EbmData } from './task.js';
import { thin } from './thin.js';

export interface EbmTable {
  readonly columns: readonly RawColumn[];
  /** 0 or 1 per row. */
  readonly labels: ArrayLike<number>;
  /** Starting logit of each row. Default: 0. */
  readonly offsets?: ArrayLike<number>;
  /** Above 0. Default: 1. */
  readonly weights?: ArrayLike<number>;
  /** Whole numbers from 0, equal for rows of the same account. Default: each row is its own group. */
  readonly groups?: ArrayLike<number>;
  /** 0 or more. Contributions have mean 0 under these weights. Default: `weights`. */
  readonly reference?: ArrayLike<number>;
  /** Rows to learn from, ascending. Default: all. Labels of other rows are not read; those rows only count as reference. */
  readonly learnFrom?: Int32Array;
}

export interface PreparedData {
  /** By feature, the bins of all rows. */
  readonly columns: readonly Uint8Array[];
  /** By row. */
  readonly reference: Float64Array;
  /** The rows to learn from, in shared memory, so that worker threads read the same bytes. */
  readonly data: EbmData;
  /** Added to the intercept to undo the sampling of negatives. */
  readonly logRate: number;
}

/** @throws RangeError if columns and labels differ in length, or a label is neither 0 nor 1 */
export function prepare(table: EbmTable, features: readonly EbmFeature[], seed: number): PreparedData {
  const { labels } = table;
  if (table.columns.some(({ values }) => values.length !== labels.length))
    throw new RangeError('Every column must have as many rows as there are labels');
  const { learnFrom } = table;
  const learned = learnFrom ? Int8Array.from(learnFrom, (row) => labels[row] ?? NaN) : labels;
  if (!Array.from(learned).every((label) => label === 0 || label === 1))
    throw new RangeError('Every label must be 0 or 1');
  const columns = features.map((feature, index) => binColumn(feature, table.columns[index] as RawColumn));
  const { rows: indexes, logRate } = thin(learned, seed);
  const rows = learnFrom ? indexes.map((index) => learnFrom[index] as number) : indexes;
  const bytes = (values: ArrayLike<number>): Uint8Array => {
    const into = new Uint8Array(new SharedArrayBuffer(rows.length));
    return fill(into, rows, values);
  };
  const doubles = (values: ArrayLike<number> | undefined, otherwise: number): Float64Array => {
    const into = new Float64Array(new SharedArrayBuffer(8 * rows.length));
    return values ? fill(into, rows, values) : into.fill(otherwise);
  };
  const groups = new Int32Array(new SharedArrayBuffer(4 * rows.length));
  if (table.groups) fill(groups, rows, table.groups);
  else groups.set(rows);
  const data: EbmData = {
    columns: columns.map(bytes),
    labels: bytes(labels),
    offsets: doubles(table.offsets, 0),
    weights: doubles(table.weights, 1),
    groups,
    groupCount: renumber(groups),
  };
  const reference = table.reference ?? table.weights;
  return {
    columns,
    reference: reference ? Float64Array.from(reference) : new Float64Array(labels.length).fill(1),
    data,
    logRate,
  };
}

function fill<Into extends Uint8Array | Int32Array | Float64Array>(
  into: Into,
  rows: Int32Array,
  values: ArrayLike<number>,
): Into {
  for (let at = 0; at < rows.length; at++) into[at] = values[rows[at] as number] as number;
  return into;
}

/** Renumbers groups from 0 without gaps, as sampling may have removed all rows of a group. Returns their number. */
function renumber(groups: Int32Array): number {
  const numbers = new Map<number, number>();
  groups.forEach((group, at) => {
    let number = numbers.get(group);
    if (number === undefined) numbers.set(group, (number = numbers.size));
    groups[at] = number;
  });
  return numbers.size;
}
