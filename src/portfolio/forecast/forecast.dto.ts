/** With a 90 % interval. Minor units of the reporting currency. */
export class ForecastAmount {
  /** @example 1204000 */
  expected: number;
  /** @example 1150300 */
  low: number;
  /** @example 1249000 */
  high: number;
}

/** With a 90 % interval, in tenths of an account. */
export class ForecastCount {
  /** @example 3.4 */
  expected: number;
  /** @example 0.6 */
  low: number;
  /** @example 6.9 */
  high: number;
}

/** `start.expected − leave.expected − contract.expected + expand.expected` is `end.expected` exactly. */
export class ForecastOfMonth {
  /**
   * The UTC month; of the first one what is left of it.
   * @example '2024-12'
   */
  month: string;
  /** MRR at its start: today's in the first month, and the end of the month before in the others. */
  start: ForecastAmount;
  /** Present MRR of the accounts whose next renewal falls into the month, those too that may be gone by then. */
  upForRenewal: number;
  /** What of `upForRenewal` is expected to stay beyond the month. */
  renew: ForecastAmount;
  /**
   * `renew.expected` ÷ `upForRenewal`: what goes before its renewal is missing in it too. Null: nothing is up for renewal.
   * @example 0.94
   */
  renewalRate: number | null;
  /** Lost by accounts that stay with less. */
  contract: ForecastAmount;
  /** Gained from accounts that stay with more. */
  expand: ForecastAmount;
  /** Lost with accounts that leave. */
  leave: ForecastAmount;
  end: ForecastAmount;
  /** Accounts expected to leave, those whose MRR is not known too. */
  accountsLeaving: ForecastCount;
}

/** Shares of an account's MRR. */
export class ForecastSteps {
  /** @example 'smb' */
  tier: string;
  /**
   * What a contraction takes.
   * @example 0.25
   */
  contraction: number;
  /**
   * What an expansion adds.
   * @example 0.2
   */
  expansion: number;
}

/** What was expected before a month began, and what came. */
export class PastForecast {
  /**
   * The last day before the month of which all accounts were scored.
   * @example '2024-11-30'
   */
  madeOn: string;
  /**
   * The UTC month.
   * @example '2024-12'
   */
  month: string;
  /** MRR at the month's end of the accounts that there were on `madeOn`. */
  expected: number;
  /** 90 % interval. */
  low: number;
  high: number;
  /** What the same accounts paid; null: it cannot be told, as an exchange rate is missing. */
  actual: number | null;
}

export class PortfolioForecast {
  /**
   * The newest day of which all accounts are scored: from its end on all days are forecast. Null: there is none.
   * @example '2024-12-15'
   */
  madeOn: string | null;
  /** The reporting currency. */
  currency: string;
  /** Accounts that pay, those that have given notice too. Trials, free accounts and customers to come are not forecast. */
  accounts: number;
  /** How many of them have an MRR that is not known: they are in no sum of money. */
  withoutMrr: number;
  /** Twelve of them, the present one first. */
  months: ForecastOfMonth[];
  /** Median steps of the past year by tier, by which contractions and expansions are weighed. */
  steps: ForecastSteps[];
  /** Up to twelve months that have ended, the newest first. */
  past: PastForecast[];
}
