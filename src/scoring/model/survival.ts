import type { HazardCurve } from './churn-risk.js';
import { logitOf, probabilityOf } from './logit.js';

const MONTHS_IN_QUARTER = 3;
const FIRST_YEAR = 12;

/** How much of an account's distance to its cohort is left after a month; a judgement. */
export const FADE_PER_MONTH = 0.95;

/**
 * S(0) = 1, S(1), … S(months): the probability of still being there. A quarter's risk is spread over its months in proportion to
 * the cohort's hazards, so that 1 − S(3) is the first quarter's probability; beyond month 12 the logit of the month is the
 * cohort's plus what is left of the account's own distance.
 */
export function survivalOf(curve: HazardCurve, months: number): Float64Array {
  const survival = new Float64Array(months + 1);
  survival[0] = 1;
  let log = 0;
  for (let month = 1; month <= months; month++) {
    log += month <= FIRST_YEAR ? withinFirstYear(curve, month) : beyond(curve, month);
    survival[month] = Math.exp(log);
  }
  return survival;
}

/** Of being gone after `months`, at most 12. */
export function lossWithin(curve: HazardCurve, months: number): number {
  return 1 - (survivalOf(curve, months)[months] ?? 1);
}

/** Logs of survival add up, so the cohort's cumulative hazards are what is shared out. */
function withinFirstYear({ quarters, cohort }: HazardCurve, month: number): number {
  const quarter = Math.floor((month - 1) / MONTHS_IN_QUARTER);
  const first = quarter * MONTHS_IN_QUARTER + 1;
  let whole = 0;
  for (let one = first; one < first + MONTHS_IN_QUARTER; one++) whole += Math.log1p(-cohort(one));
  const share = whole === 0 ? 1 / MONTHS_IN_QUARTER : Math.log1p(-cohort(month)) / whole;
  return share * Math.log1p(-(quarters[quarter] ?? 0));
}

function beyond({ cohort, lateOffset }: HazardCurve, month: number): number {
  const left = FADE_PER_MONTH ** (month - FIRST_YEAR) * lateOffset;
  return Math.log1p(-probabilityOf(logitOf(cohort(month)) + left));
}
