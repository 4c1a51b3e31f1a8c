import { MayBeAbsent } from '../../platform/validation/rules.js';
import { IsDay } from '../../scoring/features/is-day.js';
import { Money } from '../../scoring/scores/list-item.dto.js';

export class RevenueQueryDto {
  /**
   * Show MRR at the end of this UTC day. Default: now. Cannot be combined with `from` and `to`.
   * @example '2024-12-31'
   */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;

  /**
   * Movements start at the end of this UTC day: 2024-11-30 for the movements of December
   * @example '2024-11-30'
   */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /**
   * Movements end at the end of this UTC day. Default: now
   * @example '2024-12-31'
   */
  @MayBeAbsent()
  @IsDay()
  to?: string;
}

/** Running subscriptions at the end of a UTC day. Internal and merged accounts are excluded; trials have no MRR. */
export class RevenueState {
  /** @example '2024-12-31' */
  asOf: string;
  mrr: Money;
  /** Running subscriptions, including trials and free ones. */
  subscriptions: number;
  /** Accounts with MRR. */
  accounts: number;
}

/** MRR movements by account, in minor units. The five add up exactly to the difference between end and start. */
export class RevenueMovements {
  /** MRR of accounts that never had any before. */
  new: number;
  /** Increases since the start, and MRR of customers returning from a free period. */
  expansion: number;
  /** Decreases since the start, and MRR lost to free periods; 0 or negative. */
  contraction: number;
  /** MRR of customers whose subscriptions have ended; 0 or negative. */
  churn: number;
  /** MRR of accounts that were not customers at the start but had MRR earlier. */
  reactivation: number;
}

export class Revenue extends RevenueState {
  /** The reporting currency. */
  currency: string;
  /** At the end of `from`, converted at the exchange rates of `to` so that currency changes do not count as movements. Null without `from`. */
  start: RevenueState | null;
  /** At the end of `to`. Null without `from`. */
  end: RevenueState | null;
  /** Null without `from`. */
  movements: RevenueMovements | null;
}
