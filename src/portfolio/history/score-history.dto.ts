import type { Band } from '../../scoring/model/scorecard.js';
import { Money } from '../../scoring/scores/list-item.dto.js';
import { ScorecardName } from '../scores/score.dto.js';

export class HealthOfDay {
  /**
   * 0 to 100; null if no measure was known.
   * @example 63.4
   */
  score: number | null;
  /** `unknown` when less than half of the scorecard's weight was known. */
  band: Band;
  /**
   * Share of the scorecard's weight that was known.
   * @example 0.82
   */
  confidence: number;
}

export class RiskOfDay {
  /**
   * Probability of churn within 90 days, 0 to 1.
   * @example 0.124
   */
  probability: number;
}

export class ScoreOfDay {
  /** @example '2024-12-31' */
  asOf: string;
  health: HealthOfDay;
  /** Null for trials, accounts that had given notice and churned ones, which are not predicted. */
  churnRisk: RiskOfDay | null;
  /** Expected cost of churn within 90 days; for an account that has given notice, its full value had it stayed. */
  expectedLoss: Money | null;
  mrr: Money | null;
  /** The scorecard used on that day. */
  scorecard: ScorecardName;
}

export class ScoreHistory {
  /** Scored days, oldest first. */
  items: ScoreOfDay[];
  /** Always null: the whole range is returned. */
  nextCursor: string | null;
}
