import { coarseCount, unseenCoarse } from './coarse.js';
import { Quadrants, sideOf } from './quadrants.js';
import type { FeatureShape, Pair } from './task.js';
import type { Term } from './terms.js';

/** The cell of each row in the table of a pair. */
export function pairCells(
  [a, b]: Pair,
  shapes: readonly FeatureShape[],
  columns: readonly Uint8Array[],
  into: Uint8Array,
): Uint8Array {
  const [first, second] = [shapes[a], shapes[b]] as [FeatureShape, FeatureShape];
  const [rows, cols] = [columns[a], columns[b]] as [Uint8Array, Uint8Array];
  const width = coarseCount(second.coarse);
  const high = Uint8Array.from(first.coarse, (bin) => bin * width);
  const low = Uint8Array.from(second.coarse);
  for (let row = 0; row < into.length; row++)
    into[row] = (high[rows[row] as number] as number) + (low[cols[row] as number] as number);
  return into;
}

export function pairTerm(pair: Pair, shapes: readonly FeatureShape[], cells: Uint8Array): Term {
  const [first, second] = pair.map((index) => shapes[index]) as [FeatureShape, FeatureShape];
  const [rows, columns] = [sideOf(first), sideOf(second)];
  const quadrants = new Quadrants(rows, columns);
  const [unseenRow, unseenColumn] = [unseenCoarse(first), unseenCoarse(second)];
  return {
    cells,
    size: rows.bins * columns.bins,
    step(sums, steps) {
      const gained = quadrants.step(sums, steps);
      for (let row = 0; row < rows.bins; row++)
        for (let column = 0; column < columns.bins; column++)
          if (row === unseenRow || column === unseenColumn) steps[row * columns.bins + column] = 0;
      return gained;
    },
  };
}
