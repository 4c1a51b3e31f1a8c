import type { HazardCurve } from './churn-risk.js';

export const MONTHS_IN_QUARTER = 3;
const FIRST_YEAR = 12;

/** How much of an account's distance to its cohort is left after a month; a judgment call. */
export const FADE_PER_MONTH = 0.95;

/**
 * S(0) = 1, S(1), … S(months): the probability of still being there. A quarter's risk is spread over its months in proportion to
 * the cohort's hazards, so that 1 − S(3) is the first quarter's probability; beyond month 12 the logit of the month is the
 * cohort's plus what is left of the account's own distance.
 */
export function survivalOf(curve: HazardCurve, months: number): number[] {
  const survival = firstYear(curve);
  survival.length = Math.min(survival.length, months + 1);
  let there = survival.at(-1) as number;
  let left = curve.lateOffset;
  for (let month = FIRST_YEAR + 1; month <= months; month++) {
    left *= FADE_PER_MONTH;
    const hazard = curve.cohort(month);
    // 1 − p for the logit of the cohort's hazard plus what is left: no logarithm is needed.
    there /= 1 + (hazard / (1 - hazard)) * Math.exp(left);
    survival.push(there);
  }
  return survival;
}

/** Of being gone after 12 months. */
export function lossInYear({ quarters }: HazardCurve): number {
  return 1 - quarters.reduce((there, quarter) => there * (1 - quarter), 1);
}

/** S(0) to S(12). Logs of survival add up, so the cohort's cumulative hazards are what is shared out. */
function firstYear({ quarters, cohort }: HazardCurve): number[] {
  const survival = [1];
  let before = 1;
  for (let quarter = 0; quarter < quarters.length; quarter++) {
    const month = MONTHS_IN_QUARTER * quarter;
    const first = -Math.log1p(-cohort(month + 1));
    const second = first - Math.log1p(-cohort(month + 2));
    const whole = second - Math.log1p(-cohort(month + 3));
    const there = 1 - (quarters[quarter] as number);
    survival.push(
      before * there ** (whole > 0 ? first / whole : 1 / 3),
      before * there ** (whole > 0 ? second / whole : 2 / 3),
      before * there,
    );
    before *= there;
  }
  return survival;
}
