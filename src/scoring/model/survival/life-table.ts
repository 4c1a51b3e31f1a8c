/** What was seen of one account or more, in whole periods (renewals, months) since it began. */
export interface Lifetime {
  /** Periods already survived when it came into view; 0 for one seen from its beginning. Before it, it cannot have been seen to leave. */
  readonly entry: number;
  /** The period in which it left or, if it has not, the last it is known to have survived. At least `entry`. */
  readonly time: number;
  readonly churned: boolean;
  readonly count: number;
}

/** By period, from the first on: how many were seen to begin it and how many of them left in it. */
export interface LifeTable {
  readonly atRisk: Float64Array;
  readonly lost: Float64Array;
}

/**
 * An account counts as at risk only from its entry on: that is what makes the estimates those of all who began, not of those who
 * were still there to be imported (left truncation). A RangeError for times that are not whole or before the entry.
 */
export function lifeTableOf(lifetimes: readonly Lifetime[]): LifeTable {
  const periods = lifetimes.reduce((most, { time }) => Math.max(most, time), 0);
  const table = { atRisk: new Float64Array(periods), lost: new Float64Array(periods) };
  for (const { entry, time, churned, count } of lifetimes) {
    const whole = Number.isInteger(entry) && Number.isInteger(time);
    if (!whole || entry < 0 || time < entry || (churned && time === entry)) {
      throw new RangeError(`a lifetime from ${entry} to ${time} is not one of whole periods`);
    }
    for (let period = entry; period < time; period++) add(table.atRisk, period, count);
    if (churned) add(table.lost, time - 1, count);
  }
  return table;
}

/** Of cohorts, each given as how many were there at the beginning and after each period; they may be of different length. */
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
 * Σ log P(T = t) or, where it is still there, log S(t), each less log S(entry): in terms of the chance of leaving in each period.
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

function add(values: Float64Array, place: number, amount: number): void {
  values[place] = (values[place] ?? 0) + amount;
}
