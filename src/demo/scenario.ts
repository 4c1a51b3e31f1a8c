import { dayOf } from '../platform/days.js';
import { dayNumber, firstDayOf, tickOf } from './calendar.js';

export interface SimulationOptions {
  seed: number;
  accounts: number;
  /** Whole months of facts before the month of `until`. */
  months: number;
  /** Nothing later is told. */
  until: Date;
  /** The first UTC day told of, the first of a month; a later `until` with the same start goes on with the same history. Default: from `months`. */
  start?: string;
  currency?: string;
  /** Mean probability of deciding to leave within a month, over the accounts as they would be if nobody left and no campaign reached them. */
  monthlyChurn?: number;
  /** What the effects on leaving are multiplied with; default 1: a company in which little is left to chance. */
  strength?: number;
  /** Every account is as likely to leave as every other, at all times. */
  constantHazard?: boolean;
  /** A trait that is known only after an account has left is dated back to before it left. */
  plantedLeak?: boolean;
  /** Only accounts that are there at the start, born evenly over ten years and left alone by churn until then. */
  stockSample?: boolean;
  /** The base rate is set such that this many accounts have gone at `until`. */
  churned?: number;
  /** Share of the accounts that a campaign reaches in a month, at random. */
  treated?: number;
  /** What being reached adds to the logit of leaving, for 90 days. */
  treatmentEffect?: number;
}

/** What was asked for, with nothing left open. Days as in calendar.ts. */
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

/** Throws a RangeError for sizes that make no company. */
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
