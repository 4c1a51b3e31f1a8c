import { Money } from '../../scoring/scores/list-item.dto.js';
import { MayBeAbsent } from '../../platform/validation/rules.js';
import type { FeatureSource } from '../../scoring/model/catalogue/feature.js';
import type { Status } from '../../scoring/features/account-features.js';
import { IsDay } from '../../scoring/features/is-day.js';
import type { Band } from '../../scoring/model/scorecard.js';

export class ScoreQueryDto {
  /** Use the score stored for this UTC day. Default: the latest score */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;
}

export class FeaturesQueryDto {
  /** Show the values at the end of this UTC day. Default: now */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;
}

export class ScorecardName {
  /** @example 'default' */
  key: string;
  /** @example 1 */
  version: number;
}

export class MeasureScore {
  /** @example 'daysSinceLastUse' */
  feature: string;
  /** Null if unknown. */
  value: number | null;
  /** The value's score on the curve, 0 to 100; null if unknown. */
  score: number | null;
  /** Share of its dimension. The shares of unknown measures are distributed among the known ones. */
  weight: number;
  /** Points added to or subtracted from the health score. */
  contribution: number;
}

export class DimensionScore {
  /** @example 'adoption' */
  key: string;
  /** Share of the scorecard's weight. */
  weight: number;
  /** Weighted mean of the known measures; null if none is known. */
  score: number | null;
  measures: MeasureScore[];
}

export class ScoreAdjustment {
  /** @example 'cap' */
  kind: string;
  /** @example 'urgentOpen7d' */
  key: string;
  /**
   * Its first condition: a feature, `tier`, `stage` or `status`; null for an override.
   * @example 'oldestUrgentDays'
   */
  feature: string | null;
  /**
   * The feature's value; null if unknown or not a feature.
   * @example 9
   */
  value: number | null;
  /** Points subtracted; 0 if another cap already limits the score. */
  contribution: number;
  /**
   * Identifies `text`: `cap.` and the cap's key, or `override`.
   * @example 'cap.urgentOpen7d'
   */
  code: string;
  /** @example 'an urgent ticket open for 7 days or more' */
  text: string;
}

/** `baseline` and all contributions, including those of adjustments, add up exactly to `score`. */
export class HealthScore {
  /** 0 to 100; null if no measure was known. */
  score: number | null;
  /** `unknown` when less than half of the scorecard's weight was known. */
  band: Band;
  /** Share of the scorecard's weight that was known. */
  confidence: number;
  /** Points gained or lost in 7 days; null if no score was stored around then. */
  change7d: number | null;
  change30d: number | null;
  scorecard: ScorecardName;
  baseline: number;
  dimensions: DimensionScore[];
  adjustments: ScoreAdjustment[];
}

export class RiskReason {
  /** @example 'daysSinceLastUse' */
  feature: string;
  /** Null if unknown. */
  value: number | null;
  /** In logits; a positive value raises the risk. */
  contribution: number;
  /**
   * Identifies `text`: the feature's key, with `.unknown` if its value is missing.
   * @example 'daysSinceLastUse'
   */
  code: string;
  /** @example 'no usage for 21 days' */
  text: string;
}

export class ModelName {
  /** @example 'churn' */
  key: string;
  /** @example 3 */
  version: number;
}

/** `baseline` and the contributions of all reasons add up exactly to `logit`. */
export class ChurnRisk {
  /** Probability of churn within `horizonDays`, 0 to 1. */
  probability: number;
  /** 90 % interval. */
  low: number;
  high: number;
  /** @example 90 */
  horizonDays: number;
  /** Probability of churn within 12 months. */
  probability12m: number;
  /**
   * `prior`: the scorecard at the past year's churn rate, with a judgmental interval; `fitted`: learned from your own history.
   * @example 'prior'
   */
  basis: string;
  model: ModelName;
  /** The logit of the average account. */
  baseline: number;
  logit: number;
  /** Reasons that raise the risk come first. */
  reasons: RiskReason[];
}

export class ValueAssumptions {
  /** Gross margin, as a share of revenue. */
  margin: number;
  /** Yearly discount rate. */
  yearlyRate: number;
  horizonMonths: number;
  /** How much of the account's own risk carries over from month to month after the first year. */
  fadePerMonth: number;
}

export class AccountValue {
  /** Null if unknown. */
  mrr: Money | null;
  /** Lifetime value: expected margin from now on; null if not predicted. */
  ltv: Money | null;
  /** 90 % interval of the expected value. */
  ltvLow: Money | null;
  ltvHigh: Money | null;
  /** Expected cost of churn within 90 days; for an account that has given notice, its full value had it stayed. */
  expectedLoss: Money | null;
  assumptions: ValueAssumptions;
}

export class Signal {
  /** @example 'licencesNearlyUsed' */
  key: string;
  /** upsell or cross_sell */
  kind: string;
  /** @example 0.94 */
  value: number;
  /** The product that most accounts of its tier have; null unless `key` is `productMissing`. */
  product: string | null;
  /** @example '47 of 50 licenses in use' */
  text: string;
}

export class Hold {
  /** @example 'red' */
  key: string;
  /** @example 'retain first: health is red' */
  text: string;
}

export class Expansion {
  /** Probability that MRR grows by 10% or more within 90 days, 0 to 1; null if not predicted. */
  probability: number | null;
  /** Same as for churn risk. */
  basis: string;
  signals: Signal[];
  /** Why not to upsell now; null if there is no reason not to. */
  hold: Hold | null;
}

export class Contraction {
  /** Probability that MRR shrinks by 10% or more within 90 days without churn, 0 to 1; null if not predicted. */
  probability: number | null;
  /** Same as for churn risk. */
  basis: string;
}

export class AccountScore {
  /** @example 'A-1' */
  accountId: string;
  /** @example '2024-12-31' */
  asOf: string;
  /** The run that stored it. */
  runId: string;
  /** @example 'active' */
  status: Status;
  /** @example 'smb' */
  tier: string;
  /** @example 'established' */
  stage: string | null;
  renewsAt: string | null;
  health: HealthScore;
  /** Null for trials, accounts that have given notice and churned ones, which are not predicted. */
  churnRisk: ChurnRisk | null;
  value: AccountValue;
  contraction: Contraction;
  expansion: Expansion;
}

export class AccountFeatureValues {
  /** @example 'A-1' */
  accountId: string;
  /** @example '2024-12-31' */
  asOf: string;
  /**
   * Values by feature key; null if unknown.
   * @example { "activeDays28": 9, "csat90": null }
   */
  features: Record<string, number | null>;
}

export class FeatureDescription {
  /** @example 'activeDays28' */
  key: string;
  /** @example 'days' */
  unit: string;
  /** What it measures, and when it is unknown. */
  meaning: string;
  /** The kind of facts it is computed from. */
  source: FeatureSource;
  /** Number of decimal places. */
  decimals: number;
}

export class FeatureCatalogue {
  items: FeatureDescription[];
  /** Always null: there is only one page. */
  nextCursor: string | null;
}
