import { fitLogistic } from './logistic.js';
import { interceptFor, logitOf } from './logit.js';

/**
 * How well `scores` (probabilities where the measure needs them) tell the `labels`, 0 or 1, both n long. Rows of equal score are taken
 * in all orders at once, so no measure depends on the order of the rows. NaN where a measure is not defined, such as the AUC of labels
 * of one kind; a RangeError for different lengths and for a score that is not a finite number.
 */
type Numbers = ArrayLike<number>;

const BINS = 10;
/** Keeps the logarithm of a probability of exactly 0 or 1 finite. */
const CLOSEST = 1e-15;

/** Area under the ROC curve: the chance that a positive is above a negative, a tie counting half (Mann-Whitney by mid-ranks). */
export function auc(labels: Numbers, scores: Numbers): number {
  let above = 0;
  let won = 0;
  let negatives = 0;
  for (const { count, sum } of tiesOf(labels, scores)) {
    won += (count - sum) * (above + sum / 2);
    above += sum;
    negatives += count - sum;
  }
  return won / (above * negatives);
}

/** Average precision: Σ (recall gained) · precision over the distinct scores, from the highest down. */
export function prAuc(labels: Numbers, scores: Numbers): number {
  let taken = 0;
  let positives = 0;
  let area = 0;
  for (const { count, sum } of tiesOf(labels, scores)) {
    taken += count;
    positives += sum;
    area += (sum * positives) / taken;
  }
  return area / positives;
}

/** Mean squared error of the probabilities. */
export function brier(labels: Numbers, probabilities: Numbers): number {
  return meanOf(labels, probabilities, (label, p) => (label - p) ** 2);
}

/** Mean −log of the probability of what happened, in nats. */
export function logLoss(labels: Numbers, probabilities: Numbers): number {
  return meanOf(labels, probabilities, (label, p) => -Math.log(inside(label === 1 ? p : 1 - p)));
}

export interface ReliabilityBin {
  readonly count: number;
  readonly positives: number;
  readonly meanPredicted: number;
  readonly observed: number;
}

/**
 * Bins of equal count, from the lowest probability up. Equal probabilities are never parted: they go where their middle falls, so
 * there may be fewer bins, of unequal count.
 */
export function reliabilityOf(labels: Numbers, probabilities: Numbers, bins = BINS): ReliabilityBin[] {
  const all = Array.from({ length: bins }, () => ({ count: 0, positives: 0, predicted: 0 }));
  let above = 0;
  for (const { score, count, sum } of tiesOf(labels, probabilities)) {
    const place = bins - 1 - Math.floor((bins * (above + count / 2)) / labels.length);
    above += count;
    const bin = all[Math.max(0, place)];
    if (!bin) continue;
    bin.count += count;
    bin.positives += sum;
    bin.predicted += count * score;
  }
  return all
    .filter(({ count }) => count > 0)
    .map(({ count, positives, predicted }) => ({
      count,
      positives,
      meanPredicted: predicted / count,
      observed: positives / count,
    }));
}

/** Expected calibration error: the mean over the rows of how far their bin's mean probability is from what was observed in it. */
export function ece(labels: Numbers, probabilities: Numbers, bins = BINS): number {
  const off = reliabilityOf(labels, probabilities, bins).reduce(
    (sum, { count, meanPredicted, observed }) => sum + count * Math.abs(meanPredicted - observed),
    0,
  );
  return off / labels.length;
}

export interface Calibration {
  /** Of the logit of the probability, fitted with a free intercept: 1 is right, below it the probabilities are too extreme. */
  readonly slope: number;
  /** With the slope fixed at 1: 0 is right, above it too little was predicted. */
  readonly intercept: number;
}

/** Cox's calibration slope and intercept. NaN where there is none: labels of one kind, or for the slope a perfect or constant ranking. */
export function calibrationOf(labels: Numbers, probabilities: Numbers): Calibration {
  const logits = Array.from(probabilities, (p) => logitOf(inside(p)));
  const ties = tiesOf(labels, logits);
  const positives = ties.reduce((total, { sum }) => total + sum, 0);
  if (positives === 0 || positives === labels.length) return { slope: NaN, intercept: NaN };
  // Where the mean probability is the rate that was observed, the likelihood of a shift is highest.
  const intercept = interceptFor(logits, positives / labels.length);
  if (separated(ties)) return { slope: NaN, intercept };
  // About their mean and by their spread: logits that hardly differ would be taken for the intercept.
  const mean = sumOf(logits) / logits.length;
  const spread = Math.sqrt(logits.reduce((sum, logit) => sum + (logit - mean) ** 2, 0) / logits.length);
  const design = Float64Array.from(logits, (logit) => (logit - mean) / spread);
  const { weights } = fitLogistic({ labels, design, features: 1 }, { weights: 0, intercept: 0 });
  return { slope: (weights[0] ?? NaN) / spread, intercept };
}

/** Share of positives among the k highest, as expected when ties are drawn by lot. k may be anything from 1 to n. */
export function precisionAtCount(labels: Numbers, scores: Numbers, k: number): number {
  return topOf(labels, scores, k) / Math.min(k, labels.length);
}

/** Share of positives in the highest `share` (0 to 1) of the rows: their nearest whole number, at least one. */
export function precisionAt(labels: Numbers, scores: Numbers, share: number): number {
  return precisionAtCount(labels, scores, Math.max(1, Math.round(share * labels.length)));
}

/** Precision by that of drawing at random: 1 for a constant score. */
export function liftAt(labels: Numbers, scores: Numbers, share: number): number {
  return precisionAt(labels, scores, share) / (sumOf(labels) / labels.length);
}

/**
 * Share of all `weights` (at least 0, n) that the k highest have, such as of the lost MRR (label × MRR) when ranked by probability × MRR;
 * as expected when ties are drawn by lot.
 */
export function captureAt(weights: Numbers, scores: Numbers, k: number): number {
  return topOf(weights, scores, k) / sumOf(weights);
}

/** Sum of the values of the k highest scores. */
function topOf(values: Numbers, scores: Numbers, k: number): number {
  let left = k;
  let total = 0;
  for (const { count, sum } of tiesOf(values, scores)) {
    if (left <= 0) break;
    total += sum * Math.min(1, left / count);
    left -= count;
  }
  return total;
}

interface Tie {
  readonly score: number;
  readonly count: number;
  /** Of the values of its rows. */
  readonly sum: number;
}

/** From the highest score down. */
function tiesOf(values: Numbers, scores: Numbers): Tie[] {
  sameLength(values, scores);
  const ties: { score: number; count: number; sum: number }[] = [];
  let last: { score: number; count: number; sum: number } | undefined;
  for (const row of descending(scores)) {
    const score = scores[row] ?? 0;
    if (last?.score !== score) ties.push((last = { score, count: 0, sum: 0 }));
    last.count++;
    last.sum += values[row] ?? 0;
  }
  return ties;
}

function descending(scores: Numbers): Uint32Array {
  const rows = new Uint32Array(scores.length);
  for (let row = 0; row < rows.length; row++) {
    if (!Number.isFinite(scores[row])) throw new RangeError(`the score of row ${row} is not a finite number`);
    rows[row] = row;
  }
  return rows.sort((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0));
}

/** No negative is above a positive, or no positive above a negative. */
function separated(ties: readonly Tie[]): boolean {
  const places = (has: (tie: Tie) => boolean): [number, number] => [
    ties.findIndex(has),
    ties.findLastIndex(has),
  ];
  const [firstPositive, lastPositive] = places(({ sum }) => sum > 0);
  const [firstNegative, lastNegative] = places(({ count, sum }) => sum < count);
  return lastPositive <= firstNegative || lastNegative <= firstPositive;
}

function meanOf(labels: Numbers, scores: Numbers, loss: (label: number, score: number) => number): number {
  sameLength(labels, scores);
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += loss(labels[row] ?? 0, scores[row] ?? 0);
  return sum / labels.length;
}

function sameLength(one: Numbers, other: Numbers): void {
  if (one.length !== other.length) throw new RangeError(`${one.length} labels for ${other.length} scores`);
}

const sumOf = (values: Numbers): number => {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row] ?? 0;
  return sum;
};

const inside = (p: number): number => Math.min(1 - CLOSEST, Math.max(CLOSEST, p));
