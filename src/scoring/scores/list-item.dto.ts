import type { Status } from '../features/account-features.js';
import type { Band } from '../model/scorecard.js';

export class Money {
  /**
   * In minor units (cents) of the currency.
   * @example 278600
   */
  amount: number;
  /** @example 'USD' */
  currency: string;
}

export class HealthSummary {
  /** 0 to 100; null if no measure was known. */
  score: number | null;
  /** `unknown` when less than half of the scorecard's weight was known. */
  band: Band;
  /** Share of the scorecard's weight that was known. */
  confidence: number;
  /** Points gained or lost in 30 days; null if no score was stored then. */
  change30d: number | null;
}

export class ChurnRiskSummary {
  /** Probability of churn within 90 days, 0 to 1. */
  probability: number;
  /** Probability of churn within 12 months. */
  probability12m: number;
  /**
   * `prior`: the scorecard at the past year's churn rate; `fitted`: learned from your own history.
   * @example 'prior'
   */
  basis: string;
}

export class ExpansionSummary {
  /** Probability that MRR grows by 10% or more within 90 days, 0 to 1; null if not predicted. */
  probability: number | null;
  /** @example ["licencesNearlyUsed"] */
  signals: string[];
  /**
   * Why not to upsell now; null if there is no reason not to.
   * @example 'urgentTicket'
   */
  hold: string | null;
}

/** A reason to look at an account. */
export class TopReason {
  /** What it contributes to: `health` in points, `churnRisk` in logits; `status`: a fact about the account. */
  of: 'health' | 'churnRisk' | 'status';
  /**
   * A feature's key, or `tier`, `stage`, `status` or `override`.
   * @example 'daysSinceLastUse'
   */
  feature: string;
  /**
   * The feature's value; null if unknown or not a feature.
   * @example 21
   */
  value: number | null;
  /**
   * Null for a status.
   * @example -7.25
   */
  contribution: number | null;
  /**
   * Identifies `text`: the feature's key, with `.unknown` if its value is missing; `cap.` and the cap's key; `override`; or
   * `subscriptionEnded`.
   * @example 'daysSinceLastUse'
   */
  code: string;
  /** @example 'no usage for 21 days' */
  text: string;
}

export class AccountListItem {
  /** @example 'A-1' */
  id: string;
  name: string | null;
  /** @example 'enterprise' */
  tier: string;
  /** @example 'established' */
  stage: string | null;
  status: Status;
  csm: string | null;
  /** Null if no subscription is known. */
  mrr: Money | null;
  /**
   * The next renewal.
   * @example '2025-03-01'
   */
  renewsAt: string | null;
  health: HealthSummary;
  /** Null for trials, accounts that have given notice and churned ones, which are not predicted. */
  churnRisk: ChurnRiskSummary | null;
  /** Expected cost of churn within 90 days; for an account that has given notice, its full value had it stayed. */
  expectedLoss: Money | null;
  /** Lifetime value. */
  ltv: Money | null;
  expansion: ExpansionSummary;
  /**
   * At most three: notice given or due soon, then what raises the churn risk (if `basis` is `fitted`), then what lowers health. Positive reasons
   * appear only if there are no negative ones.
   */
  topReasons: TopReason[];
}
