import type { TailShape } from './beta-discrete-weibull.js';

/** Relative size at which the rest of the series is dropped. */
const TOLERANCE = 1e-13;

/**
 * Discounted expected residual lifetime of an account under its n-th contract, n − 1 renewals made and the next still to come: the sum
 * of S(t) / S(n − 1) · (1 + rate)^(n − t) from t = n on, in contract periods, the first renewal undiscounted (Fader, Hardie 2010, eq. 6):
 * (β + n − 1) / (α + β + n − 1) · ₂F₁(1, β + n; α + β + n; 1 / (1 + rate)). `rate` is per period; at 0 it is infinite for α ≤ 1. For the
 * shifted-beta-geometric: a RangeError for another power than 1, a rate below 0, n below 1.
 */
export function discountedResidualLifetime(shape: TailShape, rate: number, n: number): number {
  const { alpha, beta, power } = shape;
  if (power !== 1 || rate < 0 || n < 1)
    throw new RangeError('only for c = 1, a rate of at least 0, n of at least 1');
  if (rate === 0) return alpha > 1 ? (beta + n - 1) / (alpha - 1) : Infinity;
  const step = 1 / (1 + rate);
  let term = (beta + n - 1) / (alpha + beta + n - 1);
  let sum = 0;
  // The remainder is bounded by a geometric series: term · step / (1 − step).
  for (let t = n; term * step > TOLERANCE * sum * (1 - step); t++) {
    sum += term;
    term *= (step * (beta + t)) / (alpha + beta + t);
  }
  return sum;
}
