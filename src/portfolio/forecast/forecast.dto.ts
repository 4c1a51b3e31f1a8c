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
   * UTC month; the first one covers only the rest of the current month.
   * @example '2024-12'
   */
  month: string;
  /** MRR at its start: today's in the first month, and the end of the month before in the others. */
  start: ForecastAmount;
  /** Current MRR of accounts whose next renewal falls in the month, including those that may churn before. */
  upForRenewal: number;
  /** The part of `upForRenewal` expected to be retained after the month. */
  renew: ForecastAmount;
  /**
   * `renew.expected` ÷ `upForRenewal`; MRR lost before its renewal counts as not renewed. Null if nothing is up for renewal.
   * @example 0.94
   */
  renewalRate: number | null;
  /** MRR lost to contraction. */
  contract: ForecastAmount;
  /** MRR gained by expansion. */
  expand: ForecastAmount;
  /** MRR lost to churn. */
  leave: ForecastAmount;
  end: ForecastAmount;
  /** Accounts expected to churn, including those without a known MRR. */
  accountsLeaving: ForecastCount;
}

/** Shares of an account's MRR. */
export class ForecastSteps {
  /** @example 'smb' */
  tier: string;
  /**
   * Typical decrease of a contraction.
   * @example 0.25
   */
  contraction: number;
  /**
   * Typical increase of an expansion.
   * @example 0.2
   */
  expansion: number;
}

/** A forecast made before a month began, and what happened. */
export class PastForecast {
  /**
   * The last day before the month on which all accounts were scored.
   * @example '2024-11-30'
   */
  madeOn: string;
  /**
   * The UTC month.
   * @example '2024-12'
   */
  month: string;
  /** Expected MRR at the end of the month, of the accounts that existed on `madeOn`. */
  expected: number;
  /** 90 % interval. */
  low: number;
  high: number;
  /** Actual MRR of the same accounts; null if an exchange rate is missing. */
  actual: number | null;
}

export class PortfolioForecast {
  /**
   * The latest day on which all accounts were scored; the forecast starts at its end. Null if there is none.
   * @example '2024-12-15'
   */
  madeOn: string | null;
  /** The reporting currency. */
  currency: string;
  /** Paying accounts, including those that have given notice. Trials, free accounts and future customers are not forecast. */
  accounts: number;
  /** Accounts without a known MRR; they are missing from all amounts. */
  withoutMrr: number;
  /** Twelve months, starting with the current one. */
  months: ForecastOfMonth[];
  /** Median sizes of contraction and expansion in the past year, by tier. */
  steps: ForecastSteps[];
  /** Up to twelve past months, newest first. */
  past: PastForecast[];
}
