import {
  auc,
  brier,
  calibrationOf,
  captureAt,
  liftAt,
  logLoss,
  prAuc,
  precisionAt,
  precisionAtCount,
  type ReliabilityBin,
  reliabilityOf,
} from '../metrics.js';

const TOP = 0.1;

/** Predictions and outcomes of accounts. */
export interface Judged {
  readonly labels: Uint8Array;
  readonly probabilities: Float64Array;
  /** Minor units. */
  readonly mrr: Float64Array;
  /** Days from the prediction to churn; 0 if the account did not churn, or not applicable. */
  readonly daysUntilGone: Int32Array;
}

/** Null if undefined, such as the AUC when no account had the outcome. */
export interface WindowFigures {
  readonly rows: number;
  readonly happened: number;
  readonly auc: number | null;
  readonly prAuc: number | null;
  readonly brier: number | null;
  /** Nats. */
  readonly logLoss: number | null;
  /** 1 is ideal; below 1 the probabilities are too extreme. */
  readonly calibrationSlope: number | null;
  /** In logits, with the slope fixed at 1: 0 is ideal, above 0 the predictions are too low. */
  readonly calibrationIntercept: number | null;
  /** Sum of the labels divided by the sum of the probabilities. */
  readonly observedToExpected: number | null;
  /** Bins of equal count, lowest probability first. */
  readonly reliability: readonly ReliabilityBin[];
  readonly liftAt10: number | null;
  readonly precisionAt10: number | null;
  readonly precisionAtK: number | null;
  /** Share of the affected MRR that was among the k accounts, or the top 10 %, by probability × MRR. */
  readonly mrrCaughtAtK: number | null;
  readonly mrrCaughtAt10: number | null;
  /** In minor units: Σ probability × MRR, and the MRR of the accounts that had the outcome. */
  readonly expectedMrr: number;
  readonly realisedMrr: number;
  /** Median among churned accounts in the top 10 % by probability, including ties with the last of them. */
  readonly leadTimeDays: number | null;
}

/** @param k how many accounts a team can call */
export function figuresOf({ labels, probabilities, mrr, daysUntilGone }: Judged, k: number): WindowFigures {
  const rows = labels.length;
  const happened = sum(labels);
  const atStake = mrr.map((one, row) => one * (probabilities[row] as number));
  const lost = mrr.map((one, row) => one * (labels[row] as number));
  const { slope, intercept } = calibrationOf(labels, probabilities);
  const tenth = Math.max(1, Math.round(TOP * rows));
  return {
    rows,
    happened,
    auc: orNull(auc(labels, probabilities)),
    prAuc: orNull(prAuc(labels, probabilities)),
    brier: orNull(brier(labels, probabilities)),
    logLoss: orNull(logLoss(labels, probabilities)),
    calibrationSlope: orNull(slope),
    calibrationIntercept: orNull(intercept),
    observedToExpected: orNull(happened / sum(probabilities)),
    reliability: reliabilityOf(labels, probabilities),
    liftAt10: orNull(liftAt(labels, probabilities, TOP)),
    precisionAt10: orNull(precisionAt(labels, probabilities, TOP)),
    precisionAtK: orNull(precisionAtCount(labels, probabilities, k)),
    mrrCaughtAtK: orNull(captureAt(lost, atStake, k)),
    mrrCaughtAt10: orNull(captureAt(lost, atStake, tenth)),
    expectedMrr: sum(atStake),
    realisedMrr: sum(lost),
    leadTimeDays: leadTimeOf(probabilities, daysUntilGone, tenth),
  };
}

function leadTimeOf(probabilities: Float64Array, daysUntilGone: Int32Array, count: number): number | null {
  const least = probabilities.toSorted().at(-count) ?? 0;
  const days = daysUntilGone.filter((one, row) => one > 0 && (probabilities[row] as number) >= least).sort();
  if (days.length === 0) return null;
  return ((days[(days.length - 1) >> 1] as number) + (days[days.length >> 1] as number)) / 2;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let at = 0; at < values.length; at++) total += values[at] as number;
  return total;
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
