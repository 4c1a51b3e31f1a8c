/** 95 % at all times at once. */
const ALPHA = 0.05;
/** Puts the narrowest place of the sequence where as many were seen as were planned. */
const TUNING = 8.21;

/** κ of `seen` accounts when `planned` are to come. */
export function sequenceKappa(seen: number, planned: number): number {
  return (TUNING * seen) / planned;
}

/**
 * Half the width of a 95 % interval that may be looked at as often as one likes: SE · √((1 + 1/κ) · ln((1 + κ) / α²)), the normal mixture
 * boundary (Robbins 1970; Howard et al. 2021). `kappa` is above 0 and grows with what was seen.
 */
export function sequenceHalfWidth(standardError: number, kappa: number): number {
  return standardError * Math.sqrt((1 + 1 / kappa) * Math.log((1 + kappa) / ALPHA ** 2));
}
