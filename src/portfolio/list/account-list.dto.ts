import type { Status } from '../../scoring/features/account-features.js';
import type { Band } from '../../scoring/model/scorecard.js';

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
}

export class AccountListItem {
  /** @example 'A-1' */
  id: string;
  name: string | null;
  /** @example 'enterprise' */
  tier: string;
  status: Status;
  csm: string | null;
  /** Null: no subscription has ever come in. */
  mrr: Money | null;
  health: HealthSummary;
  /**
   * At most three: what lowers the score first.
   * @example ["no use for 21 days", "urgent ticket open for 9 days", "MRR down 12 % in 180 days"]
   */
  topReasons: string[];
}

export class AccountList {
  items: AccountListItem[];
  /** Null at the end */
  nextCursor: string | null;
}
