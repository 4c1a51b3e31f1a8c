/** Limits of a fit's cost. */
export interface Effort {
  readonly bags: number;
  readonly pairs: number;
  /** Maximum rows, sampled from more. At most 190,000, so that they are not thinned again. */
  readonly maxRows: number;
}

export interface Efforts {
  /** The model that goes into use. */
  readonly final: Effort;
  /** The model at each origin, slightly worse than the final one with fewer bags and rows. */
  readonly backtest: Effort;
  /** The models of quarters 2 to 4, which affect an account's value less than the first quarter. */
  readonly later: Effort;
}

/** Judgment calls: more rows take twice the time and hardly help (.0001 of log-loss at 900,000). */
export const EFFORTS: Efforts = {
  final: { bags: 14, pairs: 100, maxRows: 100_000 },
  backtest: { bags: 4, pairs: 100, maxRows: 60_000 },
  later: { bags: 4, pairs: 30, maxRows: 60_000 },
};
