import { logitOf, probabilityOf } from '../scoring/model/logit.js';
import { auc } from '../scoring/model/metrics.js';

/** A prediction for an account whose true probability is known. */
export interface Guess {
  /** Above 0 and below 1. */
  readonly truth: number;
  readonly probability: number;
  readonly low: number;
  readonly high: number;
}

/** Errors of predictions relative to the true probabilities, unaffected by the randomness of outcomes. */
export interface TruthFigures {
  readonly accounts: number;
  /** AUC of the true ranking minus that of the predictions, with the true probabilities as labels. */
  readonly aucGap: number;
  /** Expected log-loss minus that of the true probabilities, in nats: the Kullback–Leibler divergence. */
  readonly excessLogLoss: number;
  /** Slope of the truth on the predicted logit: 1 is ideal, below 1 the predictions are too extreme. */
  readonly slope: number;
  /** Sum of the true probabilities divided by that of the predicted ones. */
  readonly observedToExpected: number;
  /** Share of accounts whose true probability is within the interval. */
  readonly coverage: number;
  /** In logits. */
  readonly meanHalfWidth: number;
}

/** @throws RangeError without guesses */
export function againstTruth(guesses: readonly Guess[]): TruthFigures {
  if (guesses.length === 0) throw new RangeError('No predictions to compare');
  const truth = guesses.map((guess) => guess.truth);
  const predicted = guesses.map(({ probability }) => probability);
  const mean = (of: (guess: Guess) => number): number =>
    guesses.reduce((sum, guess) => sum + of(guess), 0) / guesses.length;
  return {
    accounts: guesses.length,
    aucGap: auc(truth, truth) - auc(truth, predicted),
    excessLogLoss: mean(divergence),
    slope: slopeOf(truth, predicted.map(logitOf)),
    observedToExpected: mean((guess) => guess.truth) / mean(({ probability }) => probability),
    coverage: mean(({ truth: p, low, high }) => (low <= p && p <= high ? 1 : 0)),
    meanHalfWidth: mean(({ low, high }) => (logitOf(high) - logitOf(low)) / 2),
  };
}

function divergence({ truth, probability }: Guess): number {
  return truth * Math.log(truth / probability) + (1 - truth) * Math.log((1 - truth) / (1 - probability));
}

const STEPS = 50;
const CLOSE = 1e-10;

/** The maximum-likelihood b of a + b · logit (Cox), by Newton's method. NaN if all logits are equal. */
function slopeOf(truth: readonly number[], logits: readonly number[]): number {
  const center = logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
  let shift = 0;
  let slope = 1;
  for (let step = 0; step < STEPS; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    logits.forEach((logit, row) => {
      const x = logit - center;
      const p = probabilityOf(center + shift + slope * x);
      const residual = (truth[row] ?? 0) - p;
      const curvature = p * (1 - p);
      g0 += residual;
      g1 += residual * x;
      h00 += curvature;
      h01 += curvature * x;
      h11 += curvature * x * x;
    });
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > CLOSE * h00 * h00)) return NaN;
    const [a, b] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    shift += a;
    slope += b;
    if (Math.abs(a) + Math.abs(b) < CLOSE) break;
  }
  return slope;
}
