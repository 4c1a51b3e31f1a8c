/** 95% at all times simultaneously. */
const ALPHA = 0.05;
/** Makes the sequence tightest when the planned number of accounts has been seen. */
const TUNING = 8.21;

/** κ after `seen` of `planned` accounts. */
export function sequenceKappa(seen: number, planned: number): number {
  return (TUNING * seen) / planned;
}

/**
 * Half the width of a 95% interval that stays valid however often it is checked: SE · √((1 + 1/κ) · ln((1 + κ) / α²)), the normal mixture
 * boundary (Robbins 1970; Howard et al. 2021). `kappa` is positive and grows with the accounts seen.
 */
export function sequenceHalfWidth(standardError: number, kappa: number): number {
  return standardError * Math.sqrt((1 + 1 / kappa) * Math.log((1 + kappa) / ALPHA ** 2));
}
