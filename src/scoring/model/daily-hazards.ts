/** Days that the two stored probabilities of leaving are about. */
export const WINDOW_DAYS = 90;
const YEAR_DAYS = 365;

/** Of leaving, 0 to 1; at least as high within 12 months as within 90 days. */
export interface LossRisk {
  readonly within90Days: number;
  readonly within12Months: number;
}

/** Per day: the first 90 days, and from then on. */
export interface DailyHazards {
  readonly early: number;
  readonly late: number;
}

/** Probabilities are stored in ten-thousandths: what is shown as 1 may be this far from it. */
const NEVER_SURER = 1 - 0.5 / 10_000;

/** For which S(90 days) = 1 − within90Days and S(365 days) = 1 − within12Months; from then on it goes on as before. */
export function dailyHazards({ within90Days, within12Months }: LossRisk): DailyHazards {
  const first = cumulative(within90Days);
  const year = Math.max(first, cumulative(within12Months));
  return { early: first / WINDOW_DAYS, late: (year - first) / (YEAR_DAYS - WINDOW_DAYS) };
}

/** The same when the first 90 days lose `within90Days` instead: later days change in proportion. */
export function scaledTo(within90Days: number, { early, late }: DailyHazards): DailyHazards {
  const scaled = cumulative(within90Days) / WINDOW_DAYS;
  return { early: scaled, late: early > 0 ? (late * scaled) / early : late };
}

/** The probability of being there after so many days. */
export function stillThere({ early, late }: DailyHazards, days: number): number {
  return Math.exp(-early * Math.min(days, WINDOW_DAYS) - late * Math.max(0, days - WINDOW_DAYS));
}

function cumulative(probability: number): number {
  return -Math.log1p(-Math.min(NEVER_SURER, Math.max(0, probability)));
}
