import { choleskySolve } from '../cholesky.js';

/** Step sizes of the differences: small for the gradient, which decides where the minimum is; larger for the curvature, which only leads there. */
const GRADIENT_STEP = 2e-5;
const CURVATURE_STEP = 1e-3;
/** Maximum move of a coordinate per step. */
const FARTHEST = 2;
/** Two successive steps that gain less end the search. */
const TOLERANCE = 1e-10;
/** Relative increase of the value that counts as no change. */
const ROUNDING = 1e-15;
const MAX_STEPS = 200;
/** Share of the mean curvature added to each coordinate. */
const MIN_DAMPING = 1e-7;
const MAX_DAMPING = 1e9;

export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

type Objective = (at: readonly number[]) => number;

/**
 * The minimum of a smooth `f` near `start`, a few coordinates on a scale where 1 is a large step, by Newton's method on central
 * differences, damped (Levenberg, Marquardt) until each step leads down. If `f` decreases forever towards a limit, it ends
 * once almost nothing is left to gain. `f` is finite at `start`; steps to where it is not are undone.
 */
export function minimise(f: Objective, start: readonly number[]): Minimum {
  let best: Minimum = { at: start, value: f(start) };
  let damping = 0;
  let idle = 0;
  for (let taken = 0; taken < MAX_STEPS && idle < 2; taken++) {
    const next = stepDown(f, best, damping);
    if (!next) break;
    idle = best.value - next.value < TOLERANCE ? idle + 1 : 0;
    damping = next.damping > MIN_DAMPING ? next.damping / 10 : 0;
    best = { at: next.at, value: next.value };
  }
  return best;
}

/** A step with the least damping, from `least`, that decreases `f`; null: none does. */
function stepDown(f: Objective, from: Minimum, least: number): (Minimum & { damping: number }) | null {
  const gradient = gradientOf(f, from.at);
  const curvature = curvatureOf(f, from);
  for (let damping = least; damping < MAX_DAMPING; damping = Math.max(MIN_DAMPING, 10 * damping)) {
    const step = choleskySolve(damped(curvature, damping), gradient);
    if (!step) continue;
    const share = Math.min(1, FARTHEST / step.reduce((most, one) => Math.max(most, Math.abs(one)), 0));
    const at = from.at.map((one, index) => one - share * (step[index] ?? 0));
    const value = f(at);
    if (value <= from.value + ROUNDING * Math.abs(from.value)) return { at, value, damping };
  }
  return null;
}

function gradientOf(f: Objective, at: readonly number[]): Float64Array {
  const aside = (index: number, step: number): number => f(movedIn(at, [[index, step]]));
  return Float64Array.from(
    at,
    (_, index) => (aside(index, GRADIENT_STEP) - aside(index, -GRADIENT_STEP)) / (2 * GRADIENT_STEP),
  );
}

/** Lower triangle of the second derivatives. */
function curvatureOf(f: Objective, { at, value }: Minimum): Float64Array {
  const size = at.length;
  const curvature = new Float64Array(size * size);
  const aside = (...steps: (readonly [number, number])[]): number => f(movedIn(at, steps));
  const h = CURVATURE_STEP;
  for (let one = 0; one < size; one++) {
    curvature[one * size + one] = (aside([one, h]) - 2 * value + aside([one, -h])) / h ** 2;
    for (let other = 0; other < one; other++) {
      const alike = aside([one, h], [other, h]) + aside([one, -h], [other, -h]);
      const apart = aside([one, h], [other, -h]) + aside([one, -h], [other, h]);
      curvature[one * size + other] = (alike - apart) / (4 * h ** 2);
    }
  }
  return curvature;
}

function movedIn(at: readonly number[], steps: readonly (readonly [number, number])[]): number[] {
  const moved = [...at];
  for (const [index, step] of steps) moved[index] = (moved[index] ?? 0) + step;
  return moved;
}

function damped(curvature: Float64Array, damping: number): Float64Array {
  const size = Math.sqrt(curvature.length);
  let scale = 0;
  for (let one = 0; one < size; one++) scale += Math.abs(curvature[one * size + one] ?? 0) / size;
  const matrix = curvature.slice();
  for (let one = 0; one < size; one++) {
    matrix[one * size + one] = (matrix[one * size + one] ?? 0) + damping * scale;
  }
  return matrix;
}
