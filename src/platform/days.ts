import { DomainError } from './errors.js';

export const DAY_MS = 86_400_000;

/** UTC days are strings such as `2024-12-31`. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));
}

/** Throws 400 for a day that does not exist. */
export function startOfDay(day: string, pointer: string): Date {
  const start = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(start.getTime()) || dayOf(start) !== day || day < '1900') {
    throw new DomainError('malformed', 400, 'must be a UTC date such as 2024-12-31', { pointer });
  }
  return start;
}

/** The first instant after the day, or `now` for today. Throws 400 for a future day. */
export function endOfDay(day: string, now: Date, pointer: string): Date {
  const start = startOfDay(day, pointer);
  if (start > now) throw new DomainError('in_future', 400, 'must not be after today', { pointer });
  const end = new Date(start.getTime() + DAY_MS);
  return end < now ? end : now;
}
