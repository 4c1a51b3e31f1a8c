import type { CalibrationShift } from '../calibration.js';
import type { EbmModel } from '../ebm/model.js';
import type { PriorModel } from '../prior-risk.js';
import type { Scorecard } from '../scorecard.js';
import type { TailShape } from '../survival/beta-discrete-weibull.js';

/** Survival of accounts by age, from all lifetimes of the installation with delayed entry. Periods are months since the first paid day. */
export interface Tail {
  readonly expected: TailShape;
  /** 90 % interval of the expected lifetime. */
  readonly worst: TailShape;
  readonly best: TailShape;
}

/** Churn as learned from this installation's own history. Plain data, frozen in a version, including what it was boosted from. */
export interface FittedChurn {
  readonly basis: 'fitted';
  /** Start of the boosting: offset = −κ · health against the means. Its base is not used. */
  readonly prior: PriorModel;
  /** The scorecards at the time of the fit, in matching order. */
  readonly cards: readonly Scorecard[];
  /** Churn within 90 days. Its features are columns of a HistoryTable. */
  readonly ebm: EbmModel;
  /** Applied to the logit of `ebm`. */
  readonly calibration: CalibrationShift;
  /**
   * Churn within the second, third and fourth quarter among accounts still active at its start, from the same offset, with the features and
   * bins of `ebm`. Null: too few churned in it.
   */
  readonly later: readonly [EbmModel | null, EbmModel | null, EbmModel | null];
  /** Null: no churn was observed. */
  readonly tail: Tail | null;
}

/**
 * The probability that the MRR is down (contraction) or up (expansion) by 10 % or more within 90 days. The offset is scale · x, x the lack of
 * health (−health of a HistoryTable) for contraction and the logits of the signals for expansion.
 */
export type Propensity = PriorPropensity | FittedPropensity;

export interface PriorPropensity {
  readonly basis: 'prior';
  /** logit = base + scale · x. */
  readonly base: number;
  readonly scale: number;
  /** Number of outcomes, and of 90-day windows they were observed in. */
  readonly happened: number;
  readonly windows: number;
}

export interface FittedPropensity {
  readonly basis: 'fitted';
  readonly scale: number;
  readonly ebm: EbmModel;
  readonly calibration: CalibrationShift;
}

export const MODEL_KEYS = ['churn', 'contraction', 'expansion'] as const;
export type ModelKey = (typeof MODEL_KEYS)[number];
