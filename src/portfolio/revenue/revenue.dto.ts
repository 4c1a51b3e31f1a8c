import { IsOptional, Matches } from 'class-validator';
import { Money } from '../../scoring/scores/list-item.dto.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NOT_A_DAY = { message: '$property must be a UTC date such as 2024-12-31' };

export class RevenueQueryDto {
  /**
   * The UTC day at whose end the answer is true; absent or today: now. Not together with `from` and `to`.
   * @example '2024-12-31'
   */
  @IsOptional()
  @Matches(DAY, NOT_A_DAY)
  asOf?: string;

  /**
   * The UTC day at whose end the movements begin: 2024-11-30 for those of December
   * @example '2024-11-30'
   */
  @IsOptional()
  @Matches(DAY, NOT_A_DAY)
  from?: string;

  /**
   * The UTC day at whose end the movements end; absent: today, now
   * @example '2024-12-31'
   */
  @IsOptional()
  @Matches(DAY, NOT_A_DAY)
  to?: string;
}

/** What ran at the end of a UTC day. Internal and merged accounts are left out; trials have no MRR. */
export class RevenueState {
  /** @example '2024-12-31' */
  asOf: string;
  mrr: Money;
  /** Subscriptions running, trials and free ones too. */
  subscriptions: number;
  /** Accounts with MRR. */
  accounts: number;
}

/** How MRR moved, by account, in minor units; the five add up to the difference between end and start exactly. */
export class RevenueMovements {
  /** Of accounts that never had MRR before. */
  new: number;
  /** More than at the start, and the MRR of customers back from a free period. */
  expansion: number;
  /** Less than at the start, and the MRR of customers in a free period; 0 or below. */
  contraction: number;
  /** MRR of customers whose subscriptions have ended, 0 or below. */
  churn: number;
  /** Of accounts that were no customers at the start, but had MRR earlier. */
  reactivation: number;
}

export class Revenue extends RevenueState {
  /** The reporting currency. */
  currency: string;
  /** At the end of `from`, in the exchange rates of `to`: a rate that moves is no movement of a customer. Null without `from`. */
  start: RevenueState | null;
  /** At the end of `to`. Null without `from`. */
  end: RevenueState | null;
  /** Null without `from`. */
  movements: RevenueMovements | null;
}
