import type { HazardCurve } from './churn-risk.js';

export const MONTHS_IN_QUARTER = 3;
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
  firstYear(curve, survival);
  let there = survival[Math.min(months, FIRST_YEAR)] ?? 1;
  let left = curve.lateOffset;
  for (let month = FIRST_YEAR + 1; month <= months; month++) {
    left *= FADE_PER_MONTH;
    const hazard = curve.cohort(month);
    // 1 − p for the logit of the cohort's hazard plus what is left: no logarithm is needed.
    there /= 1 + (hazard / (1 - hazard)) * Math.exp(left);
    survival[month] = there;
  }
  return survival;
}

/** Of being gone after `months`, at most 12. */
export function lossWithin(curve: HazardCurve, months: number): number {
  return 1 - (survivalOf(curve, months)[months] ?? 1);
}

/** Logs of survival add up, so the cohort's cumulative hazards are what is shared out. */
function firstYear({ quarters, cohort }: HazardCurve, survival: Float64Array): void {
  const hazards = new Float64Array(MONTHS_IN_QUARTER);
  let before = 1;
  let month = 1;
  for (const quarter of quarters) {
    let whole = 0;
    for (let one = 0; one < MONTHS_IN_QUARTER; one++) {
      whole += hazards[one] = -Math.log1p(-cohort(month + one));
    }
    let gone = 0;
    for (let one = 0; one < MONTHS_IN_QUARTER; one++) {
      gone += whole > 0 ? (hazards[one] ?? 0) / whole : 1 / MONTHS_IN_QUARTER;
      if (month < survival.length) survival[month] = before * (1 - quarter) ** gone;
      month++;
    }
    before *= 1 - quarter;
  }
}
