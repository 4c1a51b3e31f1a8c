/** A bin of accounts with similar probabilities. */
export class ReliabilityBinDto {
  count: number;
  /** How many of them had the outcome. */
  positives: number;
  meanPredicted: number;
  /** The share of them that had the outcome. */
  observed: number;
}

/** Null if undefined, such as the AUC when no account had the outcome. */
export class WindowFiguresDto {
  rows: number;
  happened: number;
  auc: number | null;
  prAuc: number | null;
  brier: number | null;
  /** In nats. */
  logLoss: number | null;
  /** 1 is ideal; below 1 the probabilities are too extreme. */
  calibrationSlope: number | null;
  /** In logits, with the slope fixed at 1: 0 is ideal, above 0 the predictions are too low. */
  calibrationIntercept: number | null;
  observedToExpected: number | null;
  /** Bins of equal count, lowest probability first. */
  reliability: ReliabilityBinDto[];
  liftAt10: number | null;
  precisionAt10: number | null;
  precisionAtK: number | null;
  /** Share of the affected MRR that was among the k accounts with the highest probability × MRR. */
  mrrCaughtAtK: number | null;
  /** The same for the top 10 %. */
  mrrCaughtAt10: number | null;
  /** Σ probability × MRR, in minor units. */
  expectedMrr: number;
  /** MRR of the accounts that had the outcome, in minor units. */
  realisedMrr: number;
  /** Median days until churn, among accounts in the top 10 % that churned. */
  leadTimeDays: number | null;
}

/** Figures of three ways to predict the same accounts. */
export class ComparedFiguresDto {
  fitted: WindowFiguresDto;
  /** The scorecards, or the expansion signals, with their scale and level learned from history. */
  judgement: WindowFiguresDto;
  /** One probability for every account: it ranks nobody, so it has no AUC and no slope. */
  baseRate: WindowFiguresDto;
}

export class BacktestWindowDto {
  /**
   * The UTC day the predictions were made on
   * @example '2024-06-30'
   */
  origin: string;
  /**
   * The latest day whose outcomes were known then
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
  /** The `k` of the figures: how many accounts the team can call. */
  calls: number;
  /** Non-overlapping, newest first. */
  windows: BacktestWindowDto[];
  skipped: SkippedWindowDto[];
  /** All windows combined. */
  pooled: ComparedFiguresDto;
}

/** Compares two predictions of the same accounts. */
export class ComparisonDto {
  /** Mean log-loss of the fitted model minus that of the other: below 0 the fitted model is better. */
  difference: number;
  /** Standard error of the difference, clustered by account. */
  standardError: number;
}

export class ComparisonsDto {
  judgement: ComparisonDto | null;
  baseRate: ComparisonDto | null;
  /** Against the fitted model in use, on the newest window. */
  inUse: ComparisonDto | null;
}

export class DecisionDto {
  /** Whether the trained model is used from now on; otherwise the model in use stays. */
  taken: boolean;
  /** @example 'prior' */
  basis: 'prior' | 'fitted';
  /** @example 'stays on the scorecard: only 12 accounts had churned by then; 20 are needed' */
  text: string;
  comparisons: ComparisonsDto;
}

export class LeftOutFeatureDto {
  feature: string;
  reason: string;
}

export class TrainingDataDto {
  /** Month-ends in the history. */
  days: number;
  from: string | null;
  until: string | null;
  /** Rows (account and month-end) with a known outcome. */
  rows: number;
  accounts: number;
  /** Accounts that had the outcome. */
  happened: number;
  /** The reporting currency at the time. After a change of currency the model is not used until the next training. */
  currency?: string | null;
  featuresUsed: string[];
  featuresLeftOut: LeftOutFeatureDto[];
}

/** A feature that is probably recorded after the outcome. It is not used. */
export class SuspectedLeakDto {
  feature: string;
  /** Out-of-time AUC of the feature alone; null if there were too few outcomes. */
  auc: number | null;
  text: string;
}

/** The judgment, adjusted to the history. */
export class LearnedPriorDto {
  /** Logits per ten points of health, or per logit of the expansion signals. */
  scale: number;
  /** Probability of an average account. */
  baseProbability: number;
  /** 90-day windows in which an account was at risk. */
  windows: number;
}

export class CalibrationDto {
  /** In logits. */
  shift: number;
  slope: number;
  /** The logit that the slope leaves unchanged. */
  centre: number;
}

export class StrengthDto {
  /** One feature, or the two of a pair. */
  features: string[];
  /** Mean absolute contribution to the logit. */
  strength: number;
}

/** A summary of the model that the training leaves in use. */
export class VerdictDto {
  /**
   * How well it ranks accounts: `good` from an AUC of .8, `fair` from .7, `poor` from .55, otherwise or if untested `none`.
   * @example 'good'
   */
  ranking: 'good' | 'fair' | 'poor' | 'none';
  /**
   * The predicted number of outcomes against the actual one: `accurate` if observed ÷ expected is .8 to 1.25; null if not tested.
   * @example 'accurate'
   */
  level: 'accurate' | 'too low' | 'too high' | null;
  /** @example 'Good ranking: AUC 0.84 (picks the account that churns in 84 of 100 pairs); 37 churned, 36 predicted, over 4 test days.' */
  text: string;
}

/** The results of a training. Probabilities are from 0 to 1. */
export class TrainingReportDto {
  verdict: VerdictDto;
  data: TrainingDataDto;
  leaks: SuspectedLeakDto[];
  prior: LearnedPriorDto;
  /** Null if no window could be tested; the decision gives the reason. */
  backtest: BacktestDto | null;
  decision: DecisionDto;
  /** Applied to the fitted logits; null under the prior. */
  calibration: CalibrationDto | null;
  /** Features and pairs by strength on the newest day, strongest first; empty under the prior. */
  strongest: StrengthDto[];
}
