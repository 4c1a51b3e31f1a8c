import { coarseCount } from './coarse.js';
import { pairCells } from './pair-term.js';
import { Quadrants, sideOf } from './quadrants.js';
import type { Sample } from './sample.js';
import type { FeatureShape, Pair } from './task.js';
import { RIDGE } from './terms.js';

/** Rows × pairs that are looked at in one bag: of wide and long tables not every row is. */
const MAX_LOOKS = 4e8;

export function allPairs(features: number): Pair[] {
  const pairs: Pair[] = [];
  for (let a = 0; a < features; a++) for (let b = a + 1; b < features; b++) pairs.push([a, b]);
  return pairs;
}

/**
 * By pair: how much log-loss per row falls outside the bag when the best cut of the residuals inside is added, once the mains are in. What
 * the two features have left to say each by itself is taken out first. Below 0: noise.
 */
export function screenPairs(
  sample: Sample,
  shapes: readonly FeatureShape[],
  columns: readonly Uint8Array[],
): Float64Array {
  const pairs = allPairs(shapes.length);
  if (!sample.canBoost) return new Float64Array(0);
  const stride = Math.ceil((sample.size * pairs.length) / MAX_LOOKS);
  const { gradients, curvatures } = sample.derivatives();
  const cells = new Uint8Array(sample.size);
  const sums = (size: number, from: number, to: number): Float64Array => {
    const into = new Float64Array(2 * size);
    for (let row = from; row < to; row += stride) {
      const cell = 2 * (cells[row] as number);
      into[cell] = (into[cell] as number) + (gradients[row] as number);
      into[cell + 1] = (into[cell + 1] as number) + (curvatures[row] as number);
    }
    return into;
  };
  return Float64Array.from(pairs, (pair) => {
    const [first, second] = pair.map((place) => shapes[place]) as [FeatureShape, FeatureShape];
    const size = coarseCount(first.coarse) * coarseCount(second.coarse);
    const width = coarseCount(second.coarse);
    pairCells(pair, shapes, columns, cells);
    const inside = withoutMains(sums(size, 0, sample.inside), width);
    const outside = withoutMains(sums(size, sample.inside, sample.size), width);
    const steps = new Float64Array(size);
    new Quadrants(sideOf(first), sideOf(second)).step(inside, steps);
    return (stride * gainOutside(steps, outside)) / sample.weightOutside;
  });
}

/** Takes a Newton step of each row, then of each column, out of the gradients. */
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

function gainOutside(steps: Float64Array, sums: Float64Array): number {
  let gained = 0;
  steps.forEach((step, cell) => {
    gained += step * (sums[2 * cell] as number) - (step * step * (sums[2 * cell + 1] as number)) / 2;
  });
  return gained;
}
