import type { CalibrationShift } from '../calibration.js';
import type { EbmModel } from '../ebm/model.js';
import type { PriorModel } from '../prior-risk.js';
import type { Scorecard } from '../scorecard.js';
import type { TailShape } from '../survival/beta-discrete-weibull.js';

/** How accounts of an age go on, from all lifetimes of the installation with delayed entry; periods are months since the first paid day. */
export interface Tail {
  readonly expected: TailShape;
  /** 90 % interval of how long they stay. */
  readonly worst: TailShape;
  readonly best: TailShape;
}

/** Churn as this installation's own history tells it. Plain data, frozen in a version: what it was boosted from is part of it. */
export interface FittedChurn {
  readonly basis: 'fitted';
  /** What the boosting starts from: offset = −κ · health against the means. Its base is not used. */
  readonly prior: PriorModel;
  /** The scorecards as they were when it was fitted, in the order in which they are chosen from. */
  readonly cards: readonly Scorecard[];
  /** Of leaving within 90 days; its features are columns of a HistoryTable. */
  readonly ebm: EbmModel;
  /** Laid on the logit of `ebm`. */
  readonly calibration: CalibrationShift;
  /**
   * Of leaving within the second, third and fourth quarter, for who is there at its start: from the same offset, with the features and
   * bins of `ebm`. Null: too few left then.
   */
  readonly later: readonly [EbmModel | null, EbmModel | null, EbmModel | null];
  /** Null: nobody has been seen to leave. */
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
  /** How often it happened, out of how many windows of 90 days. */
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
