const DAY_MS = 86_400_000;
const HORIZON_DAYS = 90;
/** Two years of month-ends. Older ones belong to a different product and market; a judgment call. */
const MAX_DAYS = 24;

/** The newest month-ends, at most 24, whose 90 days and grace had passed by `until`, after observation began. */
export function historyDays(observed: number, until: number, graceDays: number): string[] {
  const newest = new Date(until - (HORIZON_DAYS + graceDays) * DAY_MS);
  const days: string[] = [];
  for (let back = 0; back < MAX_DAYS; back++) {
    // A month-end lasts until the first instant of the next month.
    const end = Date.UTC(newest.getUTCFullYear(), newest.getUTCMonth() - back, 1);
    if (!(end > observed)) break;
    days.unshift(new Date(end - DAY_MS).toISOString().slice(0, 10));
  }
  return days;
}
