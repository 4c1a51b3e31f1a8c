import { type Lifetime, lifeTableOf } from '../../src/scoring/model/survival/life-table.js';

/** Accounts that a month needs to be told of by itself. */
const MIN_AT_RISK = 30;
/** Months on either side that share a rate: of the first ones hardly any account was in view. */
const AROUND = 6;
/** Months whose common rate goes on beyond the last that is told. */
const TAIL_MONTHS = 36;

/**
 * Months from the first paid day to the end: the area under the survival of the life table, and from where few are left on as if they went on
 * leaving at the rate of the last three years. Infinite while nobody leaves then.
 */
export function meanLifetime(lifetimes: readonly Lifetime[]): number {
  const { atRisk, lost } = lifeTableOf(lifetimes);
  const known = atRisk.findLastIndex((count) => count >= MIN_AT_RISK) + 1;
  const rateOf = (from: number, to: number): number => {
    const sum = (values: Float64Array): number =>
      values.slice(Math.max(0, from), to).reduce((all, one) => all + one, 0);
    return sum(lost) / sum(atRisk);
  };
  let there = 1;
  let months = 0;
  for (let month = 0; month < known; month++) {
    const before = there;
    there *= 1 - rateOf(month - AROUND, month + AROUND + 1);
    months += (before + there) / 2;
  }
  return months + there / rateOf(known - TAIL_MONTHS, known);
}
