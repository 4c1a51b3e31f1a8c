import { addDays } from '../../platform/days.js';

export const STEPS = ['day', 'week', 'month'] as const;
export type Step = (typeof STEPS)[number];

/** From the first day on, up to the last; months keep the day of the month as far as they have it, so from a 31st these are month-ends. */
export function daysBetween(from: string, to: string, every: Step): string[] {
  const days: string[] = [];
  for (let n = 0; ; n++) {
    const day = every === 'month' ? monthsLater(from, n) : addDays(from, every === 'week' ? 7 * n : n);
    if (day > to) return days;
    days.push(day);
  }
}

function monthsLater(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}
