/** What a fit may cost. */
export interface Effort {
  readonly bags: number;
  readonly pairs: number;
  /** Rows at most, of more a sample: at most 190,000, so that nothing thins them again. */
  readonly mostRows: number;
}

export interface Efforts {
  /** Of what is taken over. */
  readonly final: Effort;
  /** At each origin: the candidate is at most a little worse for fewer bags and rows. */
  readonly backtest: Effort;
  /** Quarters 2 to 4 weigh little: the first one says most of an account's value. */
  readonly later: Effort;
}

/** Judgements: more rows than these are no better (.0001 of log-loss at 900,000) and take twice the time. */
export const EFFORTS: Efforts = {
  final: { bags: 14, pairs: 100, mostRows: 100_000 },
  backtest: { bags: 4, pairs: 100, mostRows: 60_000 },
  later: { bags: 4, pairs: 30, mostRows: 60_000 },
};
