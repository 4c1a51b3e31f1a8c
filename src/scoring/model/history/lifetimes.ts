import type { Lifetime } from '../survival/life-table.js';
import { absencesOf, type Known, type PaidSpan } from './outcomes.js';

/**
 * When observation begins: the first known leaving for good of an account, Infinity while there is none. Who brings in the customers of today
 * knows nobody who left before: until then all stay, and that tells nothing. An add-on that ended proves nothing of those who left.
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
 * Each account from its first paid day to its first going, or to `until`, in calendar months. Whoever began before observation does comes
 * into view then (delayed entry), and whoever began later at 0. Empty while nobody is known to have left.
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

/** Null: not in view for a whole month. */
function lifetimeOf(
  spans: readonly PaidSpan[],
  observed: number,
  { until, graceDays }: Known,
): Lifetime | null {
  const from = spans[0]?.from ?? Infinity;
  const left = absencesOf(spans, graceDays)[0]?.from ?? Infinity;
  const last = Math.min(left, until);
  if (from >= last || observed >= last) return null;
  // One that ended so lately that it may yet come back is seen until then.
  const churned = left + graceDays * 86_400_000 <= until;
  const entry = Math.ceil(monthsBetween(from, Math.max(from, observed)));
  const age = monthsBetween(from, last);
  const time = churned ? Math.ceil(age) : Math.floor(age);
  return time > entry ? { entry, time, churned, count: 1 } : null;
}

/** Calendar months in UTC, the last one as a share of its days: a contract over a year has 12 of them. */
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
