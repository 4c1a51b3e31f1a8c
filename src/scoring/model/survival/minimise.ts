import { choleskySolve } from '../cholesky.js';

/** Of the coordinates: small for the gradient, which decides where the minimum is; larger for the curvature, which only leads there. */
const GRADIENT_STEP = 2e-5;
const CURVATURE_STEP = 1e-3;
/** No coordinate moves farther at once. */
const FARTHEST = 2;
/** A step that gains less is idle; two of them, one after the other, end it. */
const TOLERANCE = 1e-10;
/** Of the value: what it may rise by and still be the same. */
const ROUNDING = 1e-15;
const MAX_STEPS = 200;
/** Of the mean curvature, added to each. */
const LEAST_DAMPING = 1e-7;
const MOST_DAMPING = 1e9;

export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

type Objective = (at: readonly number[]) => number;

/**
 * The minimum of a smooth `f` near `start`, a few coordinates on a scale where 1 is a large step, by Newton's method on central
 * differences, damped (Levenberg, Marquardt) until each step leads down. Where `f` falls for ever towards a limit it ends as soon as
 * next to nothing is left to be gained. `f` is finite at `start`; a step to where it is not is taken back.
 */
export function minimise(f: Objective, start: readonly number[]): Minimum {
  let best: Minimum = { at: start, value: f(start) };
  let damping = 0;
  let idle = 0;
  for (let taken = 0; taken < MAX_STEPS && idle < 2; taken++) {
    const next = stepDown(f, best, damping);
    if (!next) break;
    idle = best.value - next.value < TOLERANCE ? idle + 1 : 0;
    damping = next.damping > LEAST_DAMPING ? next.damping / 10 : 0;
    best = { at: next.at, value: next.value };
  }
  return best;
}

/** With as little damping, from `least` on, as leads down; null: none does. */
function stepDown(f: Objective, from: Minimum, least: number): (Minimum & { damping: number }) | null {
  const gradient = gradientOf(f, from.at);
  const curvature = curvatureOf(f, from);
  for (let damping = least; damping < MOST_DAMPING; damping = Math.max(LEAST_DAMPING, 10 * damping)) {
    const step = choleskySolve(damped(curvature, damping), gradient);
    if (!step) continue;
    const share = Math.min(1, FARTHEST / step.reduce((most, one) => Math.max(most, Math.abs(one)), 0));
    const at = from.at.map((one, place) => one - share * (step[place] ?? 0));
    const value = f(at);
    if (value <= from.value + ROUNDING * Math.abs(from.value)) return { at, value, damping };
  }
  return null;
}

function gradientOf(f: Objective, at: readonly number[]): Float64Array {
  const aside = (place: number, step: number): number => f(movedIn(at, [[place, step]]));
  return Float64Array.from(
    at,
    (_, place) => (aside(place, GRADIENT_STEP) - aside(place, -GRADIENT_STEP)) / (2 * GRADIENT_STEP),
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
  for (const [place, step] of steps) moved[place] = (moved[place] ?? 0) + step;
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
