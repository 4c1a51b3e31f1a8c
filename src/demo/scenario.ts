import { dayOf } from '../platform/days.js';
import { dayNumber, firstDayOf, tickOf } from './calendar.js';

export interface SimulationOptions {
  seed: number;
  accounts: number;
  /** Whole months of facts before the month of `until`. */
  months: number;
  /** Facts end here. */
  until: Date;
  /** First UTC day with facts, the first of a month. A later `until` with the same start continues the same history. Default: from `months`. */
  start?: string;
  currency?: string;
  /** Mean monthly probability of deciding to churn, over the accounts as they would be without churn or campaigns. */
  monthlyChurn?: number;
  /** Factor on the effects on churn; the default of 1 leaves little to chance. */
  strength?: number;
  /** All accounts have the same churn risk at all times. */
  constantHazard?: boolean;
  /** Backdates a trait that is known only after churn to before the churn. */
  plantedLeak?: boolean;
  /** Only accounts that exist at the start, acquired evenly over ten years, without churn until then. */
  stockSample?: boolean;
  /** Sets the base rate so that this many accounts have churned by `until`. */
  churned?: number;
  /** Share of accounts that a campaign reaches per month, at random. */
  treated?: number;
  /** What a campaign adds to the churn logit for 90 days. */
  treatmentEffect?: number;
}

/** The options with all defaults filled in. Days as in calendar.ts. */
export interface Scenario {
  readonly seed: number;
  readonly accounts: number;
  readonly months: number;
  readonly startDay: number;
  readonly untilDay: number;
  readonly untilMs: number;
  readonly currency: string;
  readonly monthlyChurn: number;
  readonly strength: number;
  readonly constantHazard: boolean;
  readonly plantedLeak: boolean;
  readonly stockSample: boolean;
  readonly churned: number | null;
  readonly treated: number;
  readonly treatmentEffect: number;
}

/** Throws a RangeError for sizes out of range. */
export function scenarioOf(options: SimulationOptions): Scenario {
  const { seed, accounts, months, until, start } = options;
  if (!(Number.isInteger(accounts) && accounts > 0))
    throw new RangeError('accounts must be a whole number above 0');
  if (!(Number.isInteger(months) && months > 0))
    throw new RangeError('months must be a whole number above 0');
  const untilDay = dayNumber(dayOf(until));
  const startDay =
    start === undefined ? firstDayOf((Math.floor(tickOf(untilDay) / 4) - months) * 4) : dayNumber(start);
  if (firstDayOf(tickOf(startDay)) !== startDay || tickOf(startDay) % 4 !== 0)
    throw new RangeError('start must be the first of a month');
  return {
    seed,
    accounts,
    months,
    startDay,
    untilDay,
    untilMs: until.getTime(),
    currency: options.currency ?? 'USD',
    monthlyChurn: options.monthlyChurn ?? 0.03,
    strength: options.strength ?? 1,
    constantHazard: options.constantHazard ?? false,
    plantedLeak: options.plantedLeak ?? false,
    stockSample: options.stockSample ?? false,
    churned: options.churned ?? null,
    treated: options.treated ?? 0.01,
    treatmentEffect: options.treatmentEffect ?? -0.7,
  };
}
