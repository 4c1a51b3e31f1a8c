import { coarseCount, unseenCoarse } from './coarse.js';
import { MISSING } from './columns.js';
import { pairCells } from './pair-term.js';
import type { FeatureShape, Pair } from './task.js';

/** One bag's tables, to be changed in place. */
export interface Tables {
  intercept: number;
  readonly mains: readonly Float64Array[];
  readonly pairs: readonly Float64Array[];
}

/** How the reference rows lie in the bins, by weight. */
export interface Reference {
  readonly mains: readonly Float64Array[];
  /** By feature and bin how many rows there are, of the reference or not. */
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
    mains: shapes.map(({ bins }, place) => count(columns[place] as Uint8Array, bins)),
    seen: shapes.map(({ bins }, place) => count(columns[place] as Uint8Array, bins, null)),
    pairs: pairs.map((pair) => {
      const [a, b] = pair.map((place) => shapes[place]) as [FeatureShape, FeatureShape];
      const counts = count(
        pairCells(pair, shapes, columns, cells),
        coarseCount(a.coarse) * coarseCount(b.coarse),
      );
      return withoutUnseen(counts, a, b);
    }),
  };
}

/** What a category was not seen as stays 0, whatever the rest of the table is shifted by. */
function withoutUnseen(counts: Float64Array, a: FeatureShape, b: FeatureShape): Float64Array {
  const width = coarseCount(b.coarse);
  const [row, column] = [unseenCoarse(a), unseenCoarse(b)];
  return counts.map((count, cell) =>
    Math.floor(cell / width) === row || cell % width === column ? 0 : count,
  );
}

/** Moves what a pair says of one feature alone into that feature's main, and what a main says of everybody into the intercept. */
export function purify(
  tables: Tables,
  reference: Reference,
  shapes: readonly FeatureShape[],
  pairs: readonly Pair[],
): void {
  pairs.forEach(([a, b], place) => {
    const table = tables.pairs[place] as Float64Array;
    const weights = reference.pairs[place] as Float64Array;
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
  tables.mains.forEach((table, place) => {
    const lies = { weights: reference.mains[place], seen: reference.seen[place] } as BinsOf;
    tables.intercept += centre(table, lies, shapes[place] as FeatureShape);
  });
}

/** Gives the largest mean that was moved. */
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

/** Gives the mean that was taken out. Missing and categories that nobody was in have nothing to say: 0; numbers go on as beside them. */
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
