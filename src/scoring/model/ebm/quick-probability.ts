const LIMIT = 24;
const PER_LOGIT = 256;
const LAST = 2 * LIMIT * PER_LOGIT;
const TABLE = Float64Array.from({ length: LAST + 2 }, (_, at) => 1 / (1 + Math.exp(LIMIT - at / PER_LOGIT)));

/** The probability of a logit to 2·10⁻⁷, several times faster than the formula: boosting needs it once per row and step. */
export function quickProbability(logit: number): number {
  const at = (logit + LIMIT) * PER_LOGIT;
  if (at <= 0) return TABLE[0] as number;
  if (at >= LAST) return TABLE[LAST] as number;
  const low = at | 0;
  const below = TABLE[low] as number;
  return below + (at - low) * ((TABLE[low + 1] as number) - below);
}
