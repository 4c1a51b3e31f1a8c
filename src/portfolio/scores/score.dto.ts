import { Money } from '../../scoring/scores/list-item.dto.js';
import { MayBeAbsent } from '../../platform/validation/rules.js';
import type { FeatureSource } from '../../scoring/model/catalogue/feature.js';
import type { Status } from '../../scoring/features/account-features.js';
import { IsDay } from '../../scoring/features/is-day.js';
import type { Band } from '../../scoring/model/scorecard.js';

export class ScoreQueryDto {
  /** The UTC day whose stored score is asked for; default: the newest stored */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;
}

export class FeaturesQueryDto {
  /** The UTC day at whose end the answer is true; default and today: now */
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
  /** Null: unknown. */
  value: number | null;
  /** What the card's curve makes of the value, 0 to 100; null: unknown. */
  score: number | null;
  /** Share in its dimension. What is unknown leaves its share to the others. */
  weight: number;
  /** Points of the health score that it adds or takes. */
  contribution: number;
}

export class DimensionScore {
  /** @example 'adoption' */
  key: string;
  /** Share in the card. */
  weight: number;
  /** Weighted mean of the known measures; null: none is known. */
  score: number | null;
  measures: MeasureScore[];
}

export class ScoreAdjustment {
  /** @example 'cap' */
  kind: string;
  /** @example 'urgentOpen7d' */
  key: string;
  /**
   * What it looks at first: a feature, `tier`, `stage` or `status`; null: an override.
   * @example 'oldestUrgentDays'
   */
  feature: string | null;
  /**
   * The feature's value; null: unknown, or not a feature.
   * @example 9
   */
  value: number | null;
  /** Points taken off; 0 when another cap already held the score down. */
  contribution: number;
  /**
   * Which sentence `text` is: `cap.` and the cap's key, or `override`.
   * @example 'cap.urgentOpen7d'
   */
  code: string;
  /** @example 'an urgent ticket open for 7 days or more' */
  text: string;
}

/** `baseline` and all contributions, those of adjustments too, add up to `score` exactly. */
export class HealthScore {
  /** 0 to 100; null: nothing was known. */
  score: number | null;
  /** `unknown` when less than half of the card's weight was known. */
  band: Band;
  /** Share of the card's weight that was known. */
  confidence: number;
  /** Points gained or lost in 7 days; null: no score was stored around then. */
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
  /** Null: unknown. */
  value: number | null;
  /** In logits; above 0 it raises the risk. */
  contribution: number;
  /**
   * Which sentence `text` is: the feature, with `.unknown` where its value is missing.
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

/** `baseline` and the contributions of all reasons add up to `logit` exactly. */
export class ChurnRisk {
  /** Of leaving within `horizonDays`, 0 to 1. */
  probability: number;
  /** 90 % interval. */
  low: number;
  high: number;
  /** @example 90 */
  horizonDays: number;
  /** Of leaving within 12 months. */
  probability12m: number;
  /**
   * `prior`: the scorecard's judgement at the base rate of the past year, with an interval that is a judgement too; `fitted`: learned from
   * the own history.
   * @example 'prior'
   */
  basis: string;
  model: ModelName;
  /** The logit of the average account. */
  baseline: number;
  logit: number;
  /** What raises the risk first. */
  reasons: RiskReason[];
}

export class ValueAssumptions {
  /** Share of the revenue left after the cost of serving. */
  margin: number;
  /** What money a year later is worth less. */
  yearlyRate: number;
  horizonMonths: number;
  /** How much of what is known of the account is left, from month to month, beyond the first year. */
  fadePerMonth: number;
}

export class AccountValue {
  /** Null: not known. */
  mrr: Money | null;
  /** Lifetime value: what it is expected to bring from now on; null: not predicted. */
  ltv: Money | null;
  /** 90 % interval of the expected value. */
  ltvLow: Money | null;
  ltvHigh: Money | null;
  /** What leaving within 90 days costs on average; when notice was given, all that staying would have been worth. */
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
  /** The product that most accounts of its tier have; only of `productMissing`, else null. */
  product: string | null;
  /** @example '47 of 50 licences in use' */
  text: string;
}

export class Hold {
  /** @example 'red' */
  key: string;
  /** @example 'save first: its health is red' */
  text: string;
}

export class Expansion {
  /** Of an MRR up by 10 % or more within 90 days, 0 to 1; null: not there to expand. */
  probability: number | null;
  /** As for the risk of churn. */
  basis: string;
  signals: Signal[];
  /** Why it is not to be sold more to now. */
  hold: Hold | null;
}

export class Contraction {
  /** Of an MRR down by 10 % or more within 90 days without leaving, 0 to 1; null: not predicted. */
  probability: number | null;
  /** As for the risk of churn. */
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
  /** Null: not predicted, as it is a trial, is leaving or has churned. */
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
   * By key; null: unknown.
   * @example { "activeDays28": 9, "csat90": null }
   */
  features: Record<string, number | null>;
}

export class FeatureDescription {
  /** @example 'activeDays28' */
  key: string;
  /** @example 'days' */
  unit: string;
  /** What it says, and when it is unknown. */
  meaning: string;
  /** The kind of facts that it comes from. */
  source: FeatureSource;
  /** Digits behind the point. */
  decimals: number;
}

export class FeatureCatalogue {
  items: FeatureDescription[];
  /** Null: the catalogue has one page. */
  nextCursor: string | null;
}
