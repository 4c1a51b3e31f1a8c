import { DomainError } from '../../platform/errors.js';

const DAY_MS = 86_400_000;

/** `YYYY-MM-DD` of the UTC day. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The instant before which a fact counts as of the day: its end, or now while it lasts. Throws 400 `in_future` for a later day. */
export function endOfDay(day: string, now: Date): Date {
  if (day > dayOf(now)) {
    throw new DomainError('in_future', 400, 'asOf lies in the future: it is a UTC date up to today', {
      pointer: '/asOf',
    });
  }
  return new Date(Math.min(Date.parse(`${day}T00:00:00Z`) + DAY_MS, now.getTime()));
}
