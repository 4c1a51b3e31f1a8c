import type { Lifetime } from '../survival/life-table.js';
import { absencesOf, type Known, type PaidSpan } from './outcomes.js';

/**
 * Each account from its first paid day to its first going, or to `until`, in calendar months. Observation begins at the earliest known end
 * of a paid subscription: before it nobody can have been seen leaving, so whoever began earlier comes into view then (delayed entry), and
 * whoever began later at 0. Empty while no end is known.
 */
export function lifetimesOf(accounts: Iterable<readonly PaidSpan[]>, known: Known): Lifetime[] {
  const all = [...accounts];
  let observed = Infinity;
  for (const spans of all) {
    for (const { to, ends } of spans) if (ends && to <= known.until) observed = Math.min(observed, to);
  }
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
