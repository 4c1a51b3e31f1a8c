import type { Lifetime } from '../survival/life-table.js';
import { absencesOf, type Known, type PaidSpan } from './outcomes.js';

/**
 * Start of observation: the first known churn of an account, Infinity if there is none. An import of today's customers holds nobody who
 * churned before, so survival until then carries no information. The end of an add-on is not a churn.
 */
export function observedFrom(accounts: Iterable<readonly PaidSpan[]>, { until, graceDays }: Known): number {
  let first = Infinity;
  for (const spans of accounts) {
    const last = absencesOf(spans, graceDays).at(-1);
    if (last?.until === Infinity && last.from <= until) first = Math.min(first, last.from);
  }
  return first;
}

/**
 * Each account from its first paid day to its first churn, or to `until`, in calendar months. Accounts that began before observation enter at
 * its start (delayed entry), later ones at 0. Empty while no churn is known.
 */
export function lifetimesOf(accounts: Iterable<readonly PaidSpan[]>, known: Known): Lifetime[] {
  const all = [...accounts];
  const observed = observedFrom(all, known);
  const counts = new Map<string, Lifetime>();
  for (const spans of all) {
    const lifetime = lifetimeOf(spans, observed, known);
    if (!lifetime) continue;
    const key = `${lifetime.entry} ${lifetime.time} ${lifetime.churned}`;
    counts.set(key, { ...lifetime, count: lifetime.count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()].sort((one, other) => one.entry - other.entry || one.time - other.time);
}

/** Null: observed for less than a month. */
function lifetimeOf(
  spans: readonly PaidSpan[],
  observed: number,
  { until, graceDays }: Known,
): Lifetime | null {
  const from = spans[0]?.from ?? Infinity;
  const left = absencesOf(spans, graceDays)[0]?.from ?? Infinity;
  const last = Math.min(left, until);
  if (from >= last || observed >= last) return null;
  // An account that may still return within grace counts as observed until its end.
  const churned = left + graceDays * 86_400_000 <= until;
  const entry = Math.ceil(monthsBetween(from, Math.max(from, observed)));
  const age = monthsBetween(from, last);
  const time = churned ? Math.ceil(age) : Math.floor(age);
  return time > entry ? { entry, time, churned, count: 1 } : null;
}

/** Calendar months in UTC, the last one as a fraction of its days. A one-year contract has 12. */
function monthsBetween(from: number, to: number): number {
  const [first, last] = [new Date(from), new Date(to)];
  let whole =
    12 * (last.getUTCFullYear() - first.getUTCFullYear()) + last.getUTCMonth() - first.getUTCMonth();
  if (monthsAfter(first, whole) > to) whole--;
  const begun = monthsAfter(first, whole);
  return whole + (to - begun) / (monthsAfter(first, whole + 1) - begun);
}

/** The same day of a later month, or its last day. */
function monthsAfter(from: Date, months: number): number {
  const day = from.getUTCDate();
  const target = new Date(from);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + months);
  const days = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(day, days));
  return target.getTime();
}
