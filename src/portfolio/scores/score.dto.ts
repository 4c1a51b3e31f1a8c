import { MayBeAbsent } from '../../platform/validation/rules.js';
import type { FeatureSource } from '../../scoring/features/catalogue/feature.js';
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
  /** Points taken off; 0 when another cap already held the score down. */
  contribution: number;
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
  scorecard: ScorecardName;
  baseline: number;
  dimensions: DimensionScore[];
  adjustments: ScoreAdjustment[];
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
  health: HealthScore;
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
