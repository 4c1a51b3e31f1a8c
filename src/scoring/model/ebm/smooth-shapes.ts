import { isotonicOf } from '../calibration.js';
import type { Block } from './blocks.js';
import { choosePenalties } from './choose-penalties.js';
import { MISSING } from './columns.js';
import type { Sample } from './sample.js';
import { fitSmooth, tablesOf } from './smooth.js';
import type { FeatureShape } from './task.js';

const STEPS = 3;
/** Weight of an empty bin: its value follows its neighbors. */
const HARDLY_ANY = 1e-6;

/**
 * Smooth shapes fitted to the rows inside, by feature and bin. For the penalties each row counts once: a row drawn twice would seem to
 * confirm itself. Each bag chooses its own penalties, so the spread of the bags includes the uncertainty of that choice.
 */
export function smoothShapes(
  sample: Sample,
  columns: readonly Uint8Array[],
  shapes: readonly FeatureShape[],
  blocks: readonly Block[],
): Float64Array[] {
  const bins = shapes.map((shape) => shape.bins);
  const none = bins.map((count) => new Float64Array(count));
  if (blocks.length === 0 || !sample.canBoost) return none;
  const rows = { ...sample, columns };
  const { kept, weights } = choosePenalties({ ...rows, weights: sample.single }, blocks);
  const fit = fitSmooth(rows, kept, weights, STEPS);
  if (!fit) return none;
  return tablesOf(kept, fit.weights, bins).map((table, index) =>
    directed(table, shapes[index] as FeatureShape, columns[index] as Uint8Array),
  );
}

/** The nearest table that keeps to the direction, weighted by the rows in each bin. */
function directed(table: Float64Array, { monotone, bins }: FeatureShape, cells: Uint8Array): Float64Array {
  if (monotone === 0) return table;
  const counts = new Float64Array(bins).fill(HARDLY_ANY);
  cells.forEach((cell) => (counts[cell] = (counts[cell] as number) + 1));
  const known = table.subarray(MISSING + 1).map((value) => monotone * value);
  const fitted = isotonicOf(known, [...known.keys()], counts.subarray(MISSING + 1));
  return Float64Array.of(table[MISSING] ?? 0, ...fitted.map((value) => monotone * value));
}
