/** Accounts with about equal probabilities. */
export class ReliabilityBinDto {
  count: number;
  /** To how many of them it happened. */
  positives: number;
  meanPredicted: number;
  /** The share of them to which it happened. */
  observed: number;
}

/** Null: not defined, such as the AUC where it happened to nobody. */
export class WindowFiguresDto {
  rows: number;
  happened: number;
  auc: number | null;
  prAuc: number | null;
  brier: number | null;
  /** In nats. */
  logLoss: number | null;
  /** 1 is right; below it the probabilities are too extreme. */
  calibrationSlope: number | null;
  /** In logits, with the slope fixed at 1: 0 is right; above it too little was predicted. */
  calibrationIntercept: number | null;
  observedToExpected: number | null;
  /** Of equal count, from the lowest probability up. */
  reliability: ReliabilityBinDto[];
  liftAt10: number | null;
  precisionAt10: number | null;
  precisionAtK: number | null;
  /** Of the MRR of those it happened to, the share that was among the k with the highest probability × MRR. */
  mrrCaughtAtK: number | null;
  /** The same for the highest tenth. */
  mrrCaughtAt10: number | null;
  /** Σ probability × MRR, in minor units. */
  expectedMrr: number;
  /** The MRR of those it happened to, in minor units. */
  realisedMrr: number;
  /** Median days until they went, of those in the highest tenth who did. */
  leadTimeDays: number | null;
}

/** What three ways of predicting came to. */
export class ComparedFiguresDto {
  fitted: WindowFiguresDto;
  /** The scorecards, or the signals of expansion, with their scale and level learned. */
  judgement: WindowFiguresDto;
  /** The same probability for all: without an AUC and a slope, as it puts nobody ahead of another. */
  baseRate: WindowFiguresDto;
}

export class BacktestWindowDto {
  /**
   * The UTC day that was predicted from
   * @example '2024-06-30'
   */
  origin: string;
  /**
   * The newest day whose outcomes were known then
   * @example '2024-02-29'
   */
  learnedUntil: string;
  learnedRows: number;
  figures: ComparedFiguresDto;
}

export class SkippedWindowDto {
  /** @example '2023-12-31' */
  origin: string;
  reason: string;
}

export class BacktestDto {
  /** The `k` of the figures: how many accounts are called. */
  calls: number;
  /** They do not overlap; the newest first. */
  windows: BacktestWindowDto[];
  skipped: SkippedWindowDto[];
  /** Over all windows together. */
  pooled: ComparedFiguresDto;
}

/** Of two predictions of the same accounts. */
export class ComparisonDto {
  /** Mean log-loss of the fitted model less that of the other: below 0 the fitted one is better. */
  difference: number;
  /** Of the difference, with the rows of an account taken together. */
  standardError: number;
}

export class ComparisonsDto {
  judgement: ComparisonDto | null;
  baseRate: ComparisonDto | null;
  /** The fitted model in use, on the newest window. */
  inUse: ComparisonDto | null;
}

export class DecisionDto {
  /** Whether what was trained is used from now on; else what was in use stays. */
  taken: boolean;
  /** @example 'prior' */
  basis: 'prior' | 'fitted';
  /** @example 'stays on the scorecard: only 12 accounts have left in what was known then; 20 are needed' */
  text: string;
  comparisons: ComparisonsDto;
}

export class LeftOutFeatureDto {
  feature: string;
  reason: string;
}

export class TrainingDataDto {
  /** Month-ends that were learned from. */
  days: number;
  from: string | null;
  until: string | null;
  /** Accounts at month-ends whose outcome is known. */
  rows: number;
  accounts: number;
  /** Accounts to which it has happened. */
  happened: number;
  /** The reporting currency then: under another one the model is not used until the next training. */
  currency?: string | null;
  featuresUsed: string[];
  featuresLeftOut: LeftOutFeatureDto[];
}

/** A feature that seems to know what came later. It is not used. */
export class SuspectedLeakDto {
  feature: string;
  /** Out of time, of the feature alone; null: too few to tell. */
  auc: number | null;
  text: string;
}

/** The judgement with what the history says of it. */
export class LearnedPriorDto {
  /** Logits for ten points of health, or for each logit of the signals. */
  scale: number;
  /** Of who is average. */
  baseProbability: number;
  /** Windows of 90 days in which an account was at risk. */
  windows: number;
}

export class CalibrationDto {
  /** In logits. */
  shift: number;
  slope: number;
  /** What the slope turns about, in logits. */
  centre: number;
}

export class StrengthDto {
  /** One, or the two of a pair. */
  features: string[];
  /** The mean size of what it adds to the logit. */
  strength: number;
}

/** What the report says of the model that is in use after it. */
export class VerdictDto {
  /**
   * How well accounts are put in order: `good` from an AUC of .8, `fair` from .7, `none` below .55 and where nothing was tested.
   * @example 'good'
   */
  ranking: 'good' | 'fair' | 'poor' | 'none';
  /**
   * Whether as many were foretold as came: `right` from .8 to 1.25 observed ÷ expected; null: not tested.
   * @example 'right'
   */
  level: 'right' | 'tells too little' | 'tells too much' | null;
  /** @example 'Tells well who leaves: of two accounts it had the right one ahead in 84 of 100 cases; 37 left where it had foretold 36, on the 4 days that it had not seen.' */
  text: string;
}

/** What a training found. Probabilities are from 0 to 1. */
export class TrainingReportDto {
  verdict: VerdictDto;
  data: TrainingDataDto;
  leaks: SuspectedLeakDto[];
  prior: LearnedPriorDto;
  /** Null: no window could be tested; the decision says why. */
  backtest: BacktestDto | null;
  decision: DecisionDto;
  /** What is laid on the fitted logits; null under the prior. */
  calibration: CalibrationDto | null;
  /** Over the newest day, the strongest first; of the prior none. */
  strongest: StrengthDto[];
}
