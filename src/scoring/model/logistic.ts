import { choleskySolve } from './cholesky.js';
import { probabilityOf } from './logit.js';

/** Of a step to the parameter it moves: what Newton's method leaves to be gained then is below the rounding of a double. */
const TOLERANCE = 1e-8;
const MAX_STEPS = 100;
/** By which a step may raise the objective and still be one of rounding. */
const ROUNDING = 1e-13;
const SMALLEST_SHARE = 2 ** -30;

export interface LogisticData {
  /** n rows of 0 and 1. */
  readonly labels: ArrayLike<number>;
  /** n × features, row by row. */
  readonly design: Float64Array;
  readonly features: number;
  /** n logits that each row starts from; 0 where not given. */
  readonly offset?: ArrayLike<number>;
}

/** ½ · precision · parameter² is added to the log loss of all rows: the precision of a normal prior around 0. */
export interface LogisticPenalty {
  readonly weights: number;
  readonly intercept: number;
}

export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Float64Array;
}

/**
 * Penalised logistic regression by Newton's method, each step halved until the objective falls. Penalties of 1/C and 0 are
 * scikit-learn's LogisticRegression. A RangeError where there is no optimum: the labels are of one kind or separated by the design, or
 * columns say the same, and no penalty is there to choose.
 */
export function fitLogistic(data: LogisticData, penalty: LogisticPenalty): LogisticModel {
  const { labels, design, features } = data;
  if (design.length !== labels.length * features) throw new RangeError('the design is not rows × features');
  const precision = new Float64Array(features + 1).fill(penalty.weights);
  precision[0] = penalty.intercept;
  let at: Float64Array = new Float64Array(features + 1);
  let value = objective(data, precision, at);
  for (let taken = 0; taken < MAX_STEPS; taken++) {
    const { gradient, hessian } = derivativesOf(data, precision, at);
    const step = choleskySolve(hessian, gradient);
    if (!step) break;
    const settled = step.every((one, place) => Math.abs(one) <= TOLERANCE * (1 + Math.abs(at[place] ?? 0)));
    let share = 1;
    let next = along(at, step, share);
    let lower = objective(data, precision, next);
    while (lower > value * (1 + ROUNDING) && share > SMALLEST_SHARE) {
      share /= 2;
      next = along(at, step, share);
      lower = objective(data, precision, next);
    }
    at = next;
    value = lower;
    if (settled) return { intercept: at[0] ?? 0, weights: at.slice(1) };
  }
  throw new RangeError('no optimum: the labels are of one kind or separated, or columns say the same');
}

/** n logits, offset included. */
export function logitsOf(
  { intercept, weights }: LogisticModel,
  { labels, design, features, offset }: LogisticData,
): Float64Array {
  const parameters = Float64Array.of(intercept, ...weights);
  const logits = new Float64Array(labels.length);
  for (let row = 0; row < logits.length; row++) {
    logits[row] = logitAt(parameters, design, row * features, offset?.[row] ?? 0);
  }
  return logits;
}

function logitAt(parameters: Float64Array, design: Float64Array, start: number, offset: number): number {
  let logit = offset + (parameters[0] ?? 0);
  for (let place = 1; place < parameters.length; place++) {
    logit += (parameters[place] ?? 0) * (design[start + place - 1] ?? 0);
  }
  return logit;
}

function objective(data: LogisticData, precision: Float64Array, at: Float64Array): number {
  const { labels, design, features, offset } = data;
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const logit = logitAt(at, design, row * features, offset?.[row] ?? 0);
    const away = labels[row] === 1 ? -logit : logit;
    sum += away > 0 ? away + Math.log1p(Math.exp(-away)) : Math.log1p(Math.exp(away));
  }
  return at.reduce((total, one, place) => total + ((precision[place] ?? 0) / 2) * one * one, sum);
}

/** The gradient, and the lower triangle of the matrix of second derivatives. */
function derivativesOf(
  { labels, design, features, offset }: LogisticData,
  precision: Float64Array,
  at: Float64Array,
): { gradient: Float64Array; hessian: Float64Array } {
  const size = at.length;
  const gradient = at.map((one, place) => (precision[place] ?? 0) * one);
  const hessian = new Float64Array(size * size);
  precision.forEach((one, place) => (hessian[place * size + place] = one));
  const values = new Float64Array(size).fill(1);
  for (let row = 0; row < labels.length; row++) {
    const start = row * features;
    for (let place = 0; place < features; place++) values[place + 1] = design[start + place] ?? 0;
    const p = probabilityOf(logitAt(at, design, start, offset?.[row] ?? 0));
    const residual = p - (labels[row] ?? 0);
    const curvature = p * (1 - p);
    for (let one = 0; one < size; one++) {
      const value = values[one] ?? 0;
      if (value === 0) continue;
      gradient[one] = (gradient[one] ?? 0) + residual * value;
      const scaled = curvature * value;
      const line = one * size;
      for (let other = 0; other <= one; other++) {
        hessian[line + other] = (hessian[line + other] ?? 0) + scaled * (values[other] ?? 0);
      }
    }
  }
  return { gradient, hessian };
}

function along(at: Float64Array, step: Float64Array, share: number): Float64Array {
  return at.map((one, place) => one - share * (step[place] ?? 0));
}
