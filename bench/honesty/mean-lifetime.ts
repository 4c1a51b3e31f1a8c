import { type Lifetime, lifeTableOf } from '../../src/scoring/model/survival/life-table.js';

/** Minimum accounts at risk for a month to be used. */
const MIN_AT_RISK = 30;
/** Months on either side that share a rate, because the first months have few accounts at risk. */
const AROUND = 6;
/** Months whose common rate continues beyond the last month used. */
const TAIL_MONTHS = 36;

/**
 * Mean months from the first paid day to churn: the area under the life table's survival. Once few accounts are left, the rate of the last
 * three years continues. Infinite if nobody churned in those.
 */
export function meanLifetime(lifetimes: readonly Lifetime[]): number {
  const { atRisk, lost } = lifeTableOf(lifetimes);
  const known = atRisk.findLastIndex((count) => count >= MIN_AT_RISK) + 1;
  const rateOf = (from: number, to: number): number => {
    const sum = (values: Float64Array): number =>
      values.slice(Math.max(0, from), to).reduce((all, one) => all + one, 0);
    return sum(lost) / sum(atRisk);
  };
  let survival = 1;
  let months = 0;
  for (let month = 0; month < known; month++) {
    const before = survival;
    survival *= 1 - rateOf(month - AROUND, month + AROUND + 1);
    months += (before + survival) / 2;
  }
  return months + survival / rateOf(known - TAIL_MONTHS, known);
}
