import { Money } from '../../scoring/scores/list-item.dto.js';
import { ChangePart } from '../changes/score-changes.dto.js';
import { AreKeys } from '../list/filter-values.js';

export class SummaryQueryDto {
  /**
   * Only accounts of one of these customer-success managers, as in the list
   * @example ["ann"]
   */
  @AreKeys()
  csm?: string[];

  /**
   * Only accounts of one of these tiers, as in the list
   * @example ["enterprise"]
   */
  @AreKeys()
  tier?: string[];
}

export class AccountsAndMrr {
  /** @example 42 */
  accounts: number;
  mrr: Money;
}

export class ByBand {
  green: AccountsAndMrr;
  yellow: AccountsAndMrr;
  red: AccountsAndMrr;
  unknown: AccountsAndMrr;
}

export class ByStatus {
  trial: AccountsAndMrr;
  active: AccountsAndMrr;
  leaving: AccountsAndMrr;
  churned: AccountsAndMrr;
}

export class AtRisk extends AccountsAndMrr {
  /**
   * Probability of leaving within 90 days from which an account counts: the setting RISK_ALERT_PERCENT.
   * @example 0.3
   */
  threshold: number;
  /** The sum of what their leaving costs on average. */
  expectedLoss: Money;
}

export class Mover {
  /** @example 'A-1' */
  id: string;
  name: string | null;
  /**
   * Points of health in 30 days.
   * @example -24.5
   */
  change: number;
  /** The strongest cause; null: not known. */
  topReason: ChangePart | null;
}

export class Movers {
  /** At most ten, the largest gain first. */
  up: Mover[];
  /** At most ten, the largest loss first. */
  down: Mover[];
}

/** An account may be red, at risk or leaving at once. */
export class Renewals extends AccountsAndMrr {
  /**
   * From today on, or from `asOf` where only past days are scored; the longer windows hold the shorter ones.
   * @example 30
   */
  withinDays: number;
  red: AccountsAndMrr;
  atRisk: AccountsAndMrr;
  leaving: AccountsAndMrr;
}

export class PortfolioSummary {
  /**
   * The UTC day as of which all accounts were last scored; null: never.
   * @example '2024-12-31'
   */
  asOf: string | null;
  /** When all accounts were last scored; accounts with newer facts have been since. */
  scoredAt: Date | null;
  /** All but the churned. */
  total: AccountsAndMrr;
  /** How many of them are in no sum of money, as their MRR is not known: no subscriptions are told at all, or an exchange rate is missing. */
  withoutMrr: number;
  /** All but the churned. */
  byBand: ByBand;
  byStatus: ByStatus;
  /** Active accounts that are likely to leave. Those that have given notice are not predicted: see `leaving`. */
  atRisk: AtRisk;
  /** Notice was given. */
  leaving: AccountsAndMrr;
  movers: Movers;
  /** Next renewals within 30, 60 and 90 days; none of the churned. */
  renewals: Renewals[];
}
