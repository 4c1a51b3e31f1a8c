import { randomFrom } from './random.js';

/** Maximum rows of a fit. */
const MAX_ROWS = 200_000;

export interface Thinned {
  /** In their order. */
  readonly rows: Int32Array;
  /** To be added to the intercept, to undo the effect of sampling on every logit. */
  readonly logRate: number;
}

/**
 * Above `most` rows (200,000) keeps all positives, up to half of `most`, and a sample of the negatives. This is only for speed: the log of
 * the rates corrects the intercept (King & Zeng 2001), so the probabilities remain those of all rows.
 */
export function thin(labels: ArrayLike<number>, seed: number, most = MAX_ROWS): Thinned {
  const rates = ratesOf(labels, most);
  const random = randomFrom(seed, 2);
  const rows = new Int32Array(labels.length);
  let kept = 0;
  for (let row = 0; row < labels.length; row++) {
    const rate = labels[row] === 1 ? rates.positive : rates.negative;
    if (rate === 1 || random() < rate) rows[kept++] = row;
  }
  return { rows: rows.slice(0, kept), logRate: Math.log(rates.negative / rates.positive) };
}

function ratesOf(labels: ArrayLike<number>, most: number): { positive: number; negative: number } {
  if (labels.length <= most) return { positive: 1, negative: 1 };
  let positives = 0;
  for (let row = 0; row < labels.length; row++) positives += labels[row] as number;
  const negatives = labels.length - positives;
  const keptPositives = Math.min(positives, Math.max(most / 2, most - negatives));
  const keptNegatives = Math.min(negatives, most - keptPositives);
  const rate = (part: number, of: number): number => (of > 0 ? part / of : 1);
  return { positive: rate(keptPositives, positives), negative: rate(keptNegatives, negatives) };
}
