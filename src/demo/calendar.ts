import { DAY_MS } from '../platform/days.js';

/**
 * Time in the simulation. A day is the number of UTC days since 1970. A tick is a quarter of a calendar month: days 1 to 7, 8 to 14,
 * 15 to 21 and the rest, so that every month ends with a tick. Tick 0 starts in January 1970.
 */
const MONTHS = 200 * 12;
const FIRST_DAYS = Int32Array.from({ length: MONTHS * 4 + 1 }, (_, tick) => {
  const midnight = Date.UTC(1970, Math.floor(tick / 4), 1 + 7 * (tick % 4));
  return Math.round(midnight / DAY_MS);
});

/** Throws a RangeError beyond the years 1970 to 2169. */
export function firstDayOf(tick: number): number {
  const day = FIRST_DAYS[tick];
  if (day === undefined) throw new RangeError(`no tick ${tick}`);
  return day;
}

export function daysIn(tick: number): number {
  return firstDayOf(tick + 1) - firstDayOf(tick);
}

export function monthOf(tick: number): number {
  return Math.floor(tick / 4);
}

export function isFirstOfMonth(tick: number): boolean {
  return tick % 4 === 0;
}

/** The tick that contains the day. */
export function tickOf(day: number): number {
  const date = new Date(day * DAY_MS);
  const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  return month * 4 + Math.min(3, Math.floor((date.getUTCDate() - 1) / 7));
}

export function dayNumber(isoDay: string): number {
  const midnight = Date.parse(`${isoDay.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(midnight)) throw new RangeError(`not a day: ${isoDay}`);
  return Math.round(midnight / DAY_MS);
}

export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Midnight at the start of the day. */
export function isoMidnight(day: number): string {
  return `${isoDay(day)}T00:00:00.000Z`;
}

/** Usage in each month relative to the yearly mean: summer and the turn of the year are quieter. */
const SEASON = [0.97, 1.03, 1.05, 1.02, 1.02, 1, 0.93, 0.9, 1.04, 1.06, 1.05, 0.93];

export function seasonOf(tick: number): number {
  return SEASON[monthOf(tick) % 12] ?? 1;
}
