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
  /** 0 to 100; null: nothing was known. */
  score: number | null;
  /** `unknown` when less than half of the scorecard's weight was known. */
  band: Band;
  /** Share of the scorecard's weight that was known. */
  confidence: number;
  /** Points gained or lost in 30 days; null: no score was stored then. */
  change30d: number | null;
}

export class ChurnRiskSummary {
  /** Of leaving within 90 days, 0 to 1. */
  probability: number;
  /** Of leaving within 12 months. */
  probability12m: number;
  /**
   * `prior`: the scorecard's judgement at the base rate of the past year; `fitted`: learned from the own history.
   * @example 'prior'
   */
  basis: string;
}

export class ExpansionSummary {
  /** Of an MRR up by 10 % or more within 90 days, 0 to 1; null: not there to expand. */
  probability: number | null;
  /** @example ["licencesNearlyUsed"] */
  signals: string[];
  /**
   * Why it is not to be sold more to now; null: nothing speaks against it.
   * @example 'urgentTicket'
   */
  hold: string | null;
}

/** Why somebody should look at an account. */
export class TopReason {
  /** What it adds to: points of `health`, or logits of the `churnRisk`; `status`: it says what the account is. */
  of: 'health' | 'churnRisk' | 'status';
  /**
   * A feature's key, or `tier`, `stage`, `status` or `override`.
   * @example 'daysSinceLastUse'
   */
  feature: string;
  /**
   * The feature's value; null: unknown, or not a feature.
   * @example 21
   */
  value: number | null;
  /**
   * Null of a status.
   * @example -7.25
   */
  contribution: number | null;
  /**
   * Which sentence `text` is: the feature, with `.unknown` where its value is missing; `cap.` and the cap's key; `override`; `noticeGiven`
   * or `subscriptionEnded`.
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
  /** Null: no subscription has ever come in. */
  mrr: Money | null;
  /**
   * The next renewal.
   * @example '2025-03-01'
   */
  renewsAt: string | null;
  health: HealthSummary;
  /** Null: not predicted, as it is a trial, is leaving or has churned. */
  churnRisk: ChurnRiskSummary | null;
  /** What leaving within 90 days costs on average; of an account that has given notice, all that staying would have been worth. */
  expectedLoss: Money | null;
  /** Lifetime value. */
  ltv: Money | null;
  expansion: ExpansionSummary;
  /**
   * At most three: that it is leaving, then what raises the risk where that was learned (`basis: fitted`), then what lowers the health. What is
   * good is told only of an account about which nothing bad is known.
   */
  topReasons: TopReason[];
}
