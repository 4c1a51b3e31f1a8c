export interface AssignedAccount {
  /** The figure before assignment, which the treatment cannot have changed. */
  readonly before: number;
  readonly after: number;
  readonly treated: boolean;
}

/** Treated minus control. */
export interface MeanDifference {
  readonly difference: number;
  /** For unequal variances (Welch). NaN with fewer than two accounts in a group. */
  readonly standardError: number;
}

export interface Cuped {
  /** Slope of `after` on `before` over both groups; 0 when `before` is constant. */
  readonly theta: number;
  /** Share of the variance removed: the squared correlation. */
  readonly explained: number;
  readonly raw: MeanDifference;
  readonly adjusted: MeanDifference;
}

/** The difference in means of after − θ · before: unbiased like the raw one, with less variance (Deng et al. 2013). */
export function cupedOf(accounts: readonly AssignedAccount[]): Cuped {
  const before = accounts.map((account) => account.before);
  const after = accounts.map((account) => account.after);
  const spread = covarianceOf(before, before);
  const shared = covarianceOf(before, after);
  const total = covarianceOf(after, after);
  const theta = spread > 0 ? shared / spread : 0;
  return {
    theta,
    explained: spread > 0 && total > 0 ? shared ** 2 / (spread * total) : 0,
    raw: differenceBy(accounts, (account) => account.after),
    adjusted: differenceBy(accounts, (account) => account.after - theta * account.before),
  };
}

function differenceBy(
  accounts: readonly AssignedAccount[],
  figure: (account: AssignedAccount) => number,
): MeanDifference {
  const of = (treated: boolean): number[] => accounts.filter((one) => one.treated === treated).map(figure);
  const [treated, others] = [of(true), of(false)];
  const variance = (values: readonly number[]): number => covarianceOf(values, values) / values.length;
  return {
    difference: meanOf(treated) - meanOf(others),
    standardError: Math.sqrt(variance(treated) + variance(others)),
  };
}

function covarianceOf(one: readonly number[], other: readonly number[]): number {
  const [center, middle] = [meanOf(one), meanOf(other)];
  const sum = one.reduce(
    (total, value, place) => total + (value - center) * ((other[place] ?? 0) - middle),
    0,
  );
  return sum / (one.length - 1);
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
