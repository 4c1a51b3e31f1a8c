/** Observation of one or more accounts, in whole periods (renewals, months) since their start. */
export interface Lifetime {
  /** Periods survived before observation; 0 if observed from the start. Churn before it cannot be observed. */
  readonly entry: number;
  /** The period it churned in, otherwise the last one it is known to have survived. At least `entry`. */
  readonly time: number;
  readonly churned: boolean;
  readonly count: number;
}

/** By period, from the first: accounts observed at its start, and those that churned in it. */
export interface LifeTable {
  readonly atRisk: Float64Array;
  readonly lost: Float64Array;
}

/**
 * An account counts as at risk only from its entry. This makes estimates valid for all accounts that started, not only for those still
 * there to be imported (left truncation).
 * @throws RangeError for times that are not whole or before the entry
 */
export function lifeTableOf(lifetimes: readonly Lifetime[]): LifeTable {
  const periods = lifetimes.reduce((most, { time }) => Math.max(most, time), 0);
  const table = { atRisk: new Float64Array(periods), lost: new Float64Array(periods) };
  for (const { entry, time, churned, count } of lifetimes) {
    const whole = Number.isInteger(entry) && Number.isInteger(time);
    if (!whole || entry < 0 || time < entry || (churned && time === entry)) {
      throw new RangeError(`A lifetime must have whole periods, not go from ${entry} to ${time}`);
    }
    for (let period = entry; period < time; period++) add(table.atRisk, period, count);
    if (churned) add(table.lost, time - 1, count);
  }
  return table;
}

/** Life table of cohorts, each given as its size at the start and after each period. Cohorts may differ in length. */
export function cohortTable(cohorts: readonly (readonly number[])[]): LifeTable {
  const periods = cohorts.reduce((most, { length }) => Math.max(most, length - 1), 0);
  const table = { atRisk: new Float64Array(periods), lost: new Float64Array(periods) };
  for (const survivors of cohorts) {
    survivors.slice(1).forEach((left, period) => {
      const before = survivors[period] ?? 0;
      add(table.atRisk, period, before);
      add(table.lost, period, before - left);
    });
  }
  return table;
}

/**
 * Σ log P(T = t), or log S(t) for surviving accounts, each minus log S(entry), from the churn probability of each period.
 * `hazards` has at least as many periods as the table.
 */
export function logLikelihoodOf({ atRisk, lost }: LifeTable, hazards: Float64Array): number {
  let sum = 0;
  for (let period = 0; period < atRisk.length; period++) {
    const hazard = hazards[period] ?? 0;
    const gone = lost[period] ?? 0;
    const stayed = (atRisk[period] ?? 0) - gone;
    if (gone > 0) sum += gone * Math.log(hazard);
    if (stayed > 0) sum += stayed * Math.log1p(-hazard);
  }
  return sum;
}

function add(values: Float64Array, index: number, amount: number): void {
  values[index] = (values[index] ?? 0) + amount;
}
