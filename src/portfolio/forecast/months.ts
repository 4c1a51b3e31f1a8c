import { addDays, DAY_MS } from '../../platform/days.js';

export interface Month {
  /** First and last UTC day of a month. */
  readonly first: string;
  readonly last: string;
  /** Days from the end of the given day to the end of the month. */
  readonly endsInDays: number;
}

/** Months that end after the day: the rest of its own month, if any, and the following ones. */
export function monthsAfter(day: string, count: number): Month[] {
  let first = `${addDays(day, 1).slice(0, 7)}-01`;
  return Array.from({ length: count }, () => {
    const next = firstOfNext(first);
    const last = addDays(next, -1);
    const month = { first, last, endsInDays: (Date.parse(last) - Date.parse(day)) / DAY_MS };
    first = next;
    return month;
  });
}

/** Of the month that begins on the day. */
export function lastOf(first: string): string {
  return addDays(firstOfNext(first), -1);
}

/** Every month has ended 31 days after its first day, and the next one has not. */
function firstOfNext(first: string): string {
  return `${addDays(first, 31).slice(0, 7)}-01`;
}
