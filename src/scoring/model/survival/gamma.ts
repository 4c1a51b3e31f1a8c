/** From here on the series below is exact to the last digits of a double. */
const FAR = 12;
/** B(2k) / (2k (2k − 1)), of Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
const HALF_LN_2PI = 0.9189385332046727;

/** ln Γ(x) for x > 0, to 1e-14 of its size or of 1. */
export function lnGamma(x: number): number {
  let far = x;
  let product = 1;
  for (; far < FAR; far++) product *= far;
  return (far - 0.5) * Math.log(far) - far + HALF_LN_2PI + stirlingRest(far) - Math.log(product);
}

/** ln Γ(x + rise) − ln Γ(x) for x > 0 and rise ≥ 0: without the cancelling of two large logarithms. */
export function lnGammaRise(x: number, rise: number): number {
  let far = x;
  let sum = 0;
  for (; far < FAR; far++) sum -= Math.log1p(rise / far);
  const top = far + rise;
  const rest = stirlingRest(top) - stirlingRest(far);
  return sum + (far - 0.5) * Math.log1p(rise / far) + rise * (Math.log(top) - 1) + rest;
}

/** ln B(a, b) for a, b > 0. */
export function lnBeta(a: number, b: number): number {
  return lnGamma(Math.min(a, b)) - lnGammaRise(Math.max(a, b), Math.min(a, b));
}

function stirlingRest(x: number): number {
  const square = 1 / (x * x);
  return STIRLING.reduceRight((sum, coefficient) => sum * square + coefficient, 0) / x;
}
