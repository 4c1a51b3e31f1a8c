import { addDays, DAY_MS } from '../../platform/days.js';

export interface Month {
  /** UTC days: the first one of the month, and its last. */
  readonly first: string;
  readonly last: string;
  /** Days from the end of the day asked about to the end of the month. */
  readonly endsInDays: number;
}

/** The months that end after the day: what is left of its own, if anything, and those that follow. */
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

/** 31 days after its first day every month has ended, and the next one has not. */
function firstOfNext(first: string): string {
  return `${addDays(first, 31).slice(0, 7)}-01`;
}
