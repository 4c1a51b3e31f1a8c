import { coarseCount } from './coarse.js';
import { pairCells } from './pair-term.js';
import { Quadrants, sideOf } from './quadrants.js';
import { randomFrom } from './random.js';
import type { FeatureShape, Pair, ScreenResult, ScreenTask } from './task.js';
import { RIDGE } from './terms.js';

/**
 * Twice the loss reduction of the best cut into four, by pair, on the residuals of the mains minus what either feature alone still explains;
 * and the same for residuals with random signs per group, where no pair has any signal (a wild bootstrap; Liu 1988).
 */
export function screenPairs(task: ScreenTask): ScreenResult {
  const { data, shapes, rows, pairs, flips } = task;
  const columns = data.columns.map((column) => Uint8Array.from(rows, (row) => column[row] as number));
  const gradients = [task.gradients, ...flipped(task)];
  const cells = new Uint8Array(rows.length);
  const gains = new Float64Array(pairs.length);
  const chance = new Float64Array(pairs.length * flips);
  pairs.forEach((pair, index) => {
    pairCells(pair, shapes, columns, cells);
    gainsOf(pair, shapes, cells, gradients, task.curvatures).forEach((gain, flip) => {
      if (flip === 0) gains[index] = gain;
      else chance[index * flips + flip - 1] = gain;
    });
  });
  return { gains, chance };
}

function flipped({ data, rows, gradients, seed, flips }: ScreenTask): Float64Array[] {
  return Array.from({ length: flips }, (_, flip) => {
    const random = randomFrom(seed, flip, 3);
    const signs = Int8Array.from({ length: data.groupCount }, () => (random() < 0.5 ? -1 : 1));
    return gradients.map(
      (gradient, at) => gradient * (signs[data.groups[rows[at] as number] as number] as number),
    );
  });
}

function gainsOf(
  pair: Pair,
  shapes: readonly FeatureShape[],
  cells: Uint8Array,
  gradients: readonly Float64Array[],
  curvatures: Float64Array,
): number[] {
  const [first, second] = pair.map((index) => shapes[index]) as [FeatureShape, FeatureShape];
  const width = coarseCount(second.coarse);
  const size = coarseCount(first.coarse) * width;
  const quadrants = new Quadrants(sideOf(first), sideOf(second));
  const ofCells = sumBy(cells, curvatures, size);
  return gradients.map((gradient) => {
    const summed = sumBy(cells, gradient, size);
    const sums = new Float64Array(2 * size);
    for (let cell = 0; cell < size; cell++) {
      sums[2 * cell] = summed[cell] as number;
      sums[2 * cell + 1] = ofCells[cell] as number;
    }
    return quadrants.bestGain(withoutMains(sums, width));
  });
}

function sumBy(cells: Uint8Array, values: Float64Array, size: number): Float64Array {
  const into = new Float64Array(size);
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row] as number;
    into[cell] = (into[cell] as number) + (values[row] as number);
  }
  return into;
}

/** Removes a Newton step of each row, then of each column, from the gradients. */
function withoutMains(sums: Float64Array, width: number): Float64Array {
  const height = sums.length / 2 / width;
  const take = (start: number, stride: number, count: number): void => {
    let gradient = 0;
    let curvature = 0;
    for (let k = 0; k < count; k++) {
      gradient += sums[2 * (start + k * stride)] as number;
      curvature += sums[2 * (start + k * stride) + 1] as number;
    }
    const step = gradient / (curvature + RIDGE);
    for (let k = 0; k < count; k++) {
      const at = 2 * (start + k * stride);
      sums[at] = (sums[at] as number) - step * (sums[at + 1] as number);
    }
  };
  for (let row = 0; row < height; row++) take(row * width, 1, width);
  for (let column = 0; column < width; column++) take(column, width, height);
  return sums;
}
