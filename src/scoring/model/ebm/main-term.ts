import { MISSING } from './columns.js';
import type { FeatureShape } from './task.js';
import { gain, MIN_CURVATURE, newton, type Term } from './terms.js';

/** Leaves of one step over a number's bins. */
const LEAVES = 3;
/** Categories are many beside their rows: each is shrunk on its own, more than a leaf is. */
const CATEGORY_RIDGE = 4;

export function mainTerm(shape: FeatureShape, cells: Uint8Array): Term {
  const { bins } = shape;
  return { cells, size: bins, step: shape.isOrdered ? stepOrdered(shape) : stepCategories };
}

/** Each category by itself, and missing as one of them. What is not seen stays at 0. */
function stepCategories(sums: Float64Array, steps: Float64Array): void {
  for (let bin = 0; bin + 1 < steps.length; bin++)
    steps[bin] = (sums[2 * bin] as number) / ((sums[2 * bin + 1] as number) + CATEGORY_RIDGE);
}

/** A tree of up to three leaves over the bins in order, best cut first; missing is a leaf of its own. */
function stepOrdered({ bins, monotone }: FeatureShape): Term['step'] {
  const gradients = new Float64Array(bins);
  const curvatures = new Float64Array(bins);
  const leafOf = (from: number, to: number): Leaf => {
    const gradient = (gradients[to] as number) - (gradients[from] as number);
    const curvature = (curvatures[to] as number) - (curvatures[from] as number);
    return { from, to, gradient, curvature };
  };
  return (sums, steps) => {
    steps[MISSING] = newton(sums[0] as number, sums[1] as number);
    // Running sums up to and with each bin, over those that are not missing.
    for (let bin = 1; bin < bins; bin++) {
      gradients[bin] = (gradients[bin - 1] as number) + (sums[2 * bin] as number);
      curvatures[bin] = (curvatures[bin - 1] as number) + (sums[2 * bin + 1] as number);
    }
    let leaves = [leafOf(0, bins - 1)];
    while (leaves.length < LEAVES) {
      const next = bestSplit(leaves, leafOf, monotone);
      if (next === null) break;
      leaves = next;
    }
    for (const { from, to, gradient, curvature } of leaves)
      steps.fill(newton(gradient, curvature), from + 1, to + 1);
  };
}

/** The bins from + 1 to `to`. */
interface Leaf {
  readonly from: number;
  readonly to: number;
  readonly gradient: number;
  readonly curvature: number;
}

function bestSplit(
  leaves: readonly Leaf[],
  leafOf: (from: number, to: number) => Leaf,
  monotone: number,
): Leaf[] | null {
  let best: Leaf[] | null = null;
  let most = 0;
  leaves.forEach((leaf, place) => {
    const now = gain(leaf.gradient, leaf.curvature);
    for (let cut = leaf.from + 1; cut < leaf.to; cut++) {
      const low = leafOf(leaf.from, cut);
      const high = leafOf(cut, leaf.to);
      if (low.curvature < MIN_CURVATURE || high.curvature < MIN_CURVATURE) continue;
      const gained = gain(low.gradient, low.curvature) + gain(high.gradient, high.curvature) - now;
      if (gained <= most) continue;
      const split = leaves.toSpliced(place, 1, low, high);
      if (monotone !== 0 && !isMonotone(split, monotone)) continue;
      most = gained;
      best = split;
    }
  });
  return best;
}

function isMonotone(leaves: readonly Leaf[], direction: number): boolean {
  const steps = leaves.map(({ gradient, curvature }) => newton(gradient, curvature));
  return steps.every((step, place) => place === 0 || direction * (step - (steps[place - 1] as number)) >= 0);
}
