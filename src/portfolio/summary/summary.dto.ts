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
   * Only accounts in one of these tiers, as in the list
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
   * The 90-day churn probability from which an account is at risk (setting `RISK_ALERT_PERCENT`).
   * @example 0.3
   */
  threshold: number;
  /** Sum of their expected losses. */
  expectedLoss: Money;
}

export class Mover {
  /** @example 'A-1' */
  id: string;
  name: string | null;
  /**
   * Change of health in 30 days, in points.
   * @example -24.5
   */
  change: number;
  /** The main cause; null if unknown. */
  topReason: ChangePart | null;
}

export class Movers {
  /** Up to ten, largest gain first. */
  up: Mover[];
  /** Up to ten, largest loss first. */
  down: Mover[];
}

/** An account may be red, at risk and leaving at the same time. */
export class Renewals extends AccountsAndMrr {
  /**
   * Counted from today, or from `asOf` if only past days are scored. Longer windows include shorter ones.
   * @example 30
   */
  withinDays: number;
  red: AccountsAndMrr;
  atRisk: AccountsAndMrr;
  leaving: AccountsAndMrr;
}

export class PortfolioSummary {
  /**
   * The UTC day as of which all accounts were last scored; null if never.
   * @example '2024-12-31'
   */
  asOf: string | null;
  /** When all accounts were last scored; accounts with newer facts have been rescored since. */
  scoredAt: Date | null;
  /** All accounts except churned ones. */
  total: AccountsAndMrr;
  /** How many of them are missing from all amounts because their MRR is unknown: no subscription was sent, or an exchange rate is missing. */
  withoutMrr: number;
  /** All accounts except churned ones. */
  byBand: ByBand;
  byStatus: ByStatus;
  /** Active accounts that are likely to churn. Accounts that have given notice are in `leaving` instead. */
  atRisk: AtRisk;
  /** Accounts that have given notice. */
  leaving: AccountsAndMrr;
  movers: Movers;
  /** Next renewals within 30, 60 and 90 days, without churned accounts. */
  renewals: Renewals[];
}
