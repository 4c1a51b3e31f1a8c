import { addDays } from '../../platform/days.js';

export const STEPS = ['day', 'week', 'month'] as const;
export type Step = (typeof STEPS)[number];

/** Days from the first to the last. Monthly steps keep the day of the month if it exists; from a month-end they step to month-ends. */
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
  const lastOf = (later: number): number => new Date(Date.UTC(year, month + later, 0)).getUTCDate();
  const kept = date === lastOf(0) ? lastOf(months) : Math.min(date, lastOf(months));
  return new Date(Date.UTC(year, month - 1 + months, kept)).toISOString().slice(0, 10);
}
