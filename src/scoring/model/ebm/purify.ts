import { coarseCount, unseenCoarse } from './coarse.js';
import { MISSING } from './columns.js';
import { pairCells } from './pair-term.js';
import type { FeatureShape, Pair } from './task.js';

/** One bag's tables, modified in place. */
export interface Tables {
  intercept: number;
  readonly mains: readonly Float64Array[];
  readonly pairs: readonly Float64Array[];
}

/** Total weight of the reference rows in each bin. */
export interface Reference {
  readonly mains: readonly Float64Array[];
  /** Number of rows by feature and bin, in the reference or not. */
  readonly seen: readonly Float64Array[];
  readonly pairs: readonly Float64Array[];
}

const SWEEPS = 200;
const SETTLED = 1e-10;

export function referenceOf(
  columns: readonly Uint8Array[],
  weights: Float64Array,
  shapes: readonly FeatureShape[],
  pairs: readonly Pair[],
): Reference {
  const count = (cells: Uint8Array, size: number, by: Float64Array | null = weights): Float64Array => {
    const into = new Float64Array(size);
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row] as number;
      into[cell] = (into[cell] as number) + (by ? (by[row] as number) : 1);
    }
    return into;
  };
  const cells = new Uint8Array(weights.length);
  return {
    mains: shapes.map(({ bins }, index) => count(columns[index] as Uint8Array, bins)),
    seen: shapes.map(({ bins }, index) => count(columns[index] as Uint8Array, bins, null)),
    pairs: pairs.map((pair) => {
      const [a, b] = pair.map((index) => shapes[index]) as [FeatureShape, FeatureShape];
      const counts = count(
        pairCells(pair, shapes, columns, cells),
        coarseCount(a.coarse) * coarseCount(b.coarse),
      );
      return withoutUnseen(counts, a, b);
    }),
  };
}

/** The cells of unseen categories stay 0 however the rest of the table shifts. */
function withoutUnseen(counts: Float64Array, a: FeatureShape, b: FeatureShape): Float64Array {
  const width = coarseCount(b.coarse);
  const [row, column] = [unseenCoarse(a), unseenCoarse(b)];
  return counts.map((count, cell) =>
    Math.floor(cell / width) === row || cell % width === column ? 0 : count,
  );
}

/** Moves the part of a pair that depends on one feature alone into that feature's main, and the mean of a main into the intercept. */
export function purify(
  tables: Tables,
  reference: Reference,
  shapes: readonly FeatureShape[],
  pairs: readonly Pair[],
): void {
  pairs.forEach(([a, b], index) => {
    const table = tables.pairs[index] as Float64Array;
    const weights = reference.pairs[index] as Float64Array;
    const sides = { rows: shapes[a] as FeatureShape, columns: shapes[b] as FeatureShape };
    const mains = { rows: tables.mains[a] as Float64Array, columns: tables.mains[b] as Float64Array };
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      const moved = Math.max(
        moveMeans(table, weights, sides, 'rows', mains.rows),
        moveMeans(table, weights, sides, 'columns', mains.columns),
      );
      if (moved < SETTLED) break;
    }
  });
  tables.mains.forEach((table, index) => {
    const lies = { weights: reference.mains[index], seen: reference.seen[index] } as BinsOf;
    tables.intercept += centre(table, lies, shapes[index] as FeatureShape);
  });
}

/** Returns the largest mean that was moved. */
function moveMeans(
  table: Float64Array,
  weights: Float64Array,
  { rows, columns }: { rows: FeatureShape; columns: FeatureShape },
  along: 'rows' | 'columns',
  main: Float64Array,
): number {
  const width = coarseCount(columns.coarse);
  const shape = along === 'rows' ? rows : columns;
  const means = new Float64Array(coarseCount(shape.coarse));
  const totals = new Float64Array(means.length);
  const lineOf = (cell: number): number => (along === 'rows' ? Math.floor(cell / width) : cell % width);
  table.forEach((value, cell) => {
    const weight = weights[cell] as number;
    const line = lineOf(cell);
    means[line] = (means[line] as number) + weight * value;
    totals[line] = (totals[line] as number) + weight;
  });
  let most = 0;
  for (let line = 0; line < means.length; line++) {
    const total = totals[line] as number;
    means[line] = total > 0 ? (means[line] as number) / total : 0;
    most = Math.max(most, Math.abs(means[line] as number));
  }
  const unseen = { row: unseenCoarse(rows), column: unseenCoarse(columns) };
  table.forEach((value, cell) => {
    if (Math.floor(cell / width) === unseen.row || cell % width === unseen.column) return;
    table[cell] = value - (means[lineOf(cell)] as number);
  });
  shape.coarse.forEach((line, bin) => (main[bin] = (main[bin] as number) + (means[line] as number)));
  return most;
}

interface BinsOf {
  readonly weights: Float64Array;
  readonly seen: Float64Array;
}

/** Returns the mean that was removed. Missing and categories without rows become 0; empty bins of numbers keep what was learned next to them. */
function centre(table: Float64Array, { weights, seen }: BinsOf, { isOrdered }: FeatureShape): number {
  const unseen = isOrdered ? -1 : table.length - 1;
  let sum = 0;
  let total = 0;
  table.forEach((value, bin) => {
    if (bin === unseen) return;
    sum += (weights[bin] as number) * value;
    total += weights[bin] as number;
  });
  const mean = total > 0 ? sum / total : 0;
  table.forEach((value, bin) => {
    const isOutOfOrder = !isOrdered || bin === MISSING;
    table[bin] = bin === unseen || (isOutOfOrder && seen[bin] === 0) ? 0 : value - mean;
  });
  return mean;
}
