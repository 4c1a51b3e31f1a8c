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

/** What was predicted of accounts and what came of them. */
export interface Judged {
  readonly labels: Uint8Array;
  readonly probabilities: Float64Array;
  /** Minor units. */
  readonly mrr: Float64Array;
  /** Days from the prediction until the account was gone; 0 where it is not, or not asked. */
  readonly daysUntilGone: Int32Array;
}

/** Null: not defined, such as the AUC where it happened to nobody. */
export interface WindowFigures {
  readonly rows: number;
  readonly happened: number;
  readonly auc: number | null;
  readonly prAuc: number | null;
  readonly brier: number | null;
  /** Nats. */
  readonly logLoss: number | null;
  /** 1 is right, below it the probabilities are too extreme. */
  readonly calibrationSlope: number | null;
  /** With the slope fixed at 1, in logits: 0 is right, above it too little was predicted. */
  readonly calibrationIntercept: number | null;
  /** Sum of the labels by that of the probabilities. */
  readonly observedToExpected: number | null;
  /** Of equal count, from the lowest probability up. */
  readonly reliability: readonly ReliabilityBin[];
  readonly liftAt10: number | null;
  readonly precisionAt10: number | null;
  readonly precisionAtK: number | null;
  /** Of the MRR of those it happened to, the share that was among the k, or the tenth, with the highest probability × MRR. */
  readonly mrrCaughtAtK: number | null;
  readonly mrrCaughtAt10: number | null;
  /** Minor units of MRR: Σ probability × MRR, and the MRR of those it happened to. */
  readonly expectedMrr: number;
  readonly realisedMrr: number;
  /** Median, of those in the tenth with the highest probability who went; whoever ties with the last of them included. */
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
