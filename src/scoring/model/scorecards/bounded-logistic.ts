import { choleskySolve } from '../cholesky.js';
import { probabilityOf } from '../logit.js';

export interface BoundedData {
  /** n labels, 0 or 1, with at least one of each. */
  readonly labels: ArrayLike<number>;
  /** n. */
  readonly weight: ArrayLike<number>;
  /** n × features, row by row. */
  readonly design: Float64Array;
  readonly features: number;
}

/** A normal prior for each slope; the intercept has none. */
export interface SlopePrior {
  readonly mean: readonly number[];
  readonly sd: number;
}

export interface BoundedFit {
  readonly slopes: readonly number[];
  /** Posterior standard deviations, ignoring the bound. */
  readonly sd: readonly number[];
}

const MAX_STEPS = 50;
const MAX_SWEEPS = 500;
const TOLERANCE = 1e-8;
const MIN_SHARE = 2 ** -20;

/** Finds the most likely slopes ≥ 0. Newton's method; each step solves the bounded quadratic by coordinate descent and is halved until it gains. */
export function fitBounded(data: BoundedData, prior: SlopePrior): BoundedFit {
  const size = data.features + 1;
  let at: Float64Array = Float64Array.from([startOf(data), ...prior.mean.map((mean) => Math.max(0, mean))]);
  let value = objective(data, prior, at);
  let { gradient, hessian } = derivativesOf(data, prior, at);
  for (let taken = 0; taken < MAX_STEPS; taken++) {
    const step = boundedStep(hessian, gradient, at);
    const settled = step.every((one, place) => Math.abs(one) <= TOLERANCE * (1 + Math.abs(at[place] ?? 0)));
    let share = 1;
    let next = along(at, step, share);
    let lower = objective(data, prior, next);
    while (lower > value && share > MIN_SHARE) {
      share /= 2;
      next = along(at, step, share);
      lower = objective(data, prior, next);
    }
    if (lower <= value) [at, value] = [next, lower];
    ({ gradient, hessian } = derivativesOf(data, prior, at));
    if (settled || share <= MIN_SHARE) break;
  }
  return { slopes: Array.from(at.subarray(1)), sd: spreadOf(hessian, size).slice(1) };
}

/** The logit of the share of labels that are 1. */
function startOf({ labels, weight }: BoundedData): number {
  const sums = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const kind = labels[row] === 1 ? 1 : 0;
    sums[kind] = (sums[kind] ?? 0) + (weight[row] ?? 0);
  }
  return Math.log((sums[1] ?? 0) / (sums[0] ?? 0));
}

/** The minimum of the quadratic given by `gradient` and `hessian` that keeps all slopes ≥ 0. */
function boundedStep(hessian: Float64Array, gradient: Float64Array, at: Float64Array): Float64Array {
  const size = at.length;
  const step = new Float64Array(size);
  const slope = gradient.slice();
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let moved = 0;
    for (let place = 0; place < size; place++) {
      const free = (step[place] ?? 0) - (slope[place] ?? 0) / (hessian[place * size + place] ?? 1);
      const to = place === 0 ? free : Math.max(free, -(at[place] ?? 0));
      const by = to - (step[place] ?? 0);
      if (by === 0) continue;
      step[place] = to;
      moved = Math.max(moved, Math.abs(by));
      for (let other = 0; other < size; other++) {
        slope[other] = (slope[other] ?? 0) + by * (hessian[place * size + other] ?? 0);
      }
    }
    if (moved <= TOLERANCE / 10) break;
  }
  return step;
}

function logitAt({ design, features }: BoundedData, at: Float64Array, row: number): number {
  let logit = at[0] ?? 0;
  for (let place = 0; place < features; place++) {
    logit += (at[place + 1] ?? 0) * (design[row * features + place] ?? 0);
  }
  return logit;
}

function objective(data: BoundedData, { mean, sd }: SlopePrior, at: Float64Array): number {
  let sum = mean.reduce((total, one, place) => total + (((at[place + 1] ?? 0) - one) / sd) ** 2 / 2, 0);
  for (let row = 0; row < data.labels.length; row++) {
    const logit = logitAt(data, at, row);
    const away = data.labels[row] === 1 ? -logit : logit;
    sum += (data.weight[row] ?? 0) * (Math.max(away, 0) + Math.log1p(Math.exp(-Math.abs(away))));
  }
  return sum;
}

function derivativesOf(
  data: BoundedData,
  { mean, sd }: SlopePrior,
  at: Float64Array,
): { gradient: Float64Array; hessian: Float64Array } {
  const { labels, weight, design, features } = data;
  const size = features + 1;
  const gradient = at.map((one, place) => (place === 0 ? 0 : (one - (mean[place - 1] ?? 0)) / sd ** 2));
  const hessian = new Float64Array(size * size);
  for (let place = 1; place < size; place++) hessian[place * size + place] = 1 / sd ** 2;
  const values = new Float64Array(size).fill(1);
  for (let row = 0; row < labels.length; row++) {
    values.set(design.subarray(row * features, (row + 1) * features), 1);
    const p = probabilityOf(logitAt(data, at, row));
    const residual = (weight[row] ?? 0) * (p - (labels[row] ?? 0));
    const curvature = (weight[row] ?? 0) * p * (1 - p);
    for (let one = 0; one < size; one++) {
      const value = values[one] ?? 0;
      if (value === 0) continue;
      gradient[one] = (gradient[one] ?? 0) + residual * value;
      for (let other = 0; other <= one; other++) {
        hessian[one * size + other] =
          (hessian[one * size + other] ?? 0) + curvature * value * (values[other] ?? 0);
      }
    }
  }
  for (let one = 0; one < size; one++) {
    for (let other = 0; other < one; other++) hessian[other * size + one] = hessian[one * size + other] ?? 0;
  }
  return { gradient, hessian };
}

/** Square roots of the diagonal of the inverse Hessian. */
function spreadOf(hessian: Float64Array, size: number): number[] {
  return Array.from({ length: size }, (_, place) => {
    const unit = new Float64Array(size);
    unit[place] = 1;
    return Math.sqrt(choleskySolve(hessian, unit)?.[place] ?? NaN);
  });
}

function along(at: Float64Array, step: Float64Array, share: number): Float64Array {
  return at.map((one, place) => {
    const to = one + share * (step[place] ?? 0);
    return place === 0 ? to : Math.max(0, to);
  });
}
