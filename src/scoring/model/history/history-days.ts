const DAY_MS = 86_400_000;
const HORIZON_DAYS = 90;
/** Two years of month-ends: older ones tell of another product and another market; a judgement. */
const MOST_DAYS = 24;

/** Month-ends whose 90 days and grace had passed by `until`, the newest 24 at most, after the instant at which observation began. */
export function historyDays(observed: number, until: number, graceDays: number): string[] {
  const newest = new Date(until - (HORIZON_DAYS + graceDays) * DAY_MS);
  const days: string[] = [];
  for (let back = 0; back < MOST_DAYS; back++) {
    // A month-end lasts until the first instant of the next month.
    const end = Date.UTC(newest.getUTCFullYear(), newest.getUTCMonth() - back, 1);
    if (!(end > observed)) break;
    days.unshift(new Date(end - DAY_MS).toISOString().slice(0, 10));
  }
  return days;
}
