/** Probability, strictly inside 0 to 1 for logits within ±700. */
export function probabilityOf(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

/** The inverse, for probabilities strictly between 0 and 1. */
export function logitOf(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}

/**
 * The b for which the mean of probabilityOf(b + offset) is `target`, strictly between 0 and 1. Without offsets: the logit of it.
 * The mean rises with b, so halving the bracket always ends, to 1e-12.
 */
export function interceptFor(offsets: readonly number[], target: number): number {
  const centre = logitOf(target);
  let low = centre;
  let high = centre;
  for (const offset of offsets) {
    low = Math.min(low, centre - offset);
    high = Math.max(high, centre - offset);
  }
  while (high - low > 1e-12 * Math.max(1, Math.abs(low))) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    const mean = offsets.reduce((sum, offset) => sum + probabilityOf(middle + offset), 0) / offsets.length;
    if (mean < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
