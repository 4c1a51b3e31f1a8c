import { MISSING } from './columns.js';
import type { FeatureShape } from './task.js';
import { gain, MIN_CURVATURE, newton, type Term } from './terms.js';

/** A category may have few rows, so each is shrunk more than a leaf. */
const CATEGORY_RIDGE = 4;

export function mainTerm(shape: FeatureShape, cells: Uint8Array): Term {
  return { cells, size: shape.bins, step: shape.isOrdered ? stumpOf(shape) : stepCategories };
}

/** Each category takes its own step, missing being one of them. The unseen bin stays at 0. */
function stepCategories(sums: Float64Array, steps: Float64Array): number {
  let gained = 0;
  for (let bin = 0; bin + 1 < steps.length; bin++) {
    const gradient = sums[2 * bin] as number;
    const step = gradient / ((sums[2 * bin + 1] as number) + CATEGORY_RIDGE);
    steps[bin] = step;
    gained += step * gradient;
  }
  return gained;
}

/** The best single cut of the ordered bins with a leaf on each side; many of them add up to a curve. Missing is a leaf of its own. */
function stumpOf({ bins, monotone }: FeatureShape): Term['step'] {
  return (sums, steps) => {
    steps[MISSING] = newton(sums[0] as number, sums[1] as number);
    let [allGradient, allCurvature] = [0, 0];
    for (let bin = 1; bin < bins; bin++) {
      allGradient += sums[2 * bin] as number;
      allCurvature += sums[2 * bin + 1] as number;
    }
    let [gradient, curvature, most] = [0, 0, gain(allGradient, allCurvature)];
    let [cut, low, high] = [bins - 1, newton(allGradient, allCurvature), 0];
    for (let bin = 1; bin < bins - 1; bin++) {
      gradient += sums[2 * bin] as number;
      curvature += sums[2 * bin + 1] as number;
      if (curvature < MIN_CURVATURE || allCurvature - curvature < MIN_CURVATURE) continue;
      const gained = gain(gradient, curvature) + gain(allGradient - gradient, allCurvature - curvature);
      if (gained <= most) continue;
      const below = newton(gradient, curvature);
      const above = newton(allGradient - gradient, allCurvature - curvature);
      if (monotone * (above - below) < 0) continue;
      [cut, low, high, most] = [bin, below, above, gained];
    }
    steps.fill(low, 1, cut + 1);
    steps.fill(high, cut + 1);
    return most;
  };
}
