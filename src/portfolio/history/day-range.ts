import { addDays, DAY_MS, dayOf, endOfDay, startOfDay } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** `to` defaults to today, `from` to the given number of days before it. Throws 400 for a future day and if `from` is after `to`. */
export function dayRange({ from, to }: Partial<DayRange>, now: Date, daysBefore: number): DayRange {
  const last = to ?? dayOf(now);
  endOfDay(last, now, '/to');
  const first = from ?? addDays(last, -daysBefore);
  if (startOfDay(first, '/from') > startOfDay(last, '/to')) {
    throw new DomainError('out_of_range', 400, '`from` must not be after `to`', { pointer: '/from' });
  }
  return { from: first, to: last };
}

/** Throws 400 `out_of_range`. */
export function expectAtMost(maxDays: number, { from, to }: DayRange): void {
  if ((Date.parse(to) - Date.parse(from)) / DAY_MS < maxDays) return;
  throw new DomainError('out_of_range', 400, `A range covers at most ${maxDays} days`, { pointer: '/from' });
}
