import { UNKNOWN, type HistoryTable } from '../history/history-table.js';

const DAY_MS = 86_400_000;
/** Days ahead that an outcome covers. */
const HORIZON_DAYS = 90;
/** Default days of grace. */
const GRACE_DAYS = 30;

/** Days after which the outcome of a row is known. */
export function matureAfter({ graceDays = GRACE_DAYS }: Pick<HistoryTable, 'graceDays'>): number {
  return HORIZON_DAYS + graceDays;
}

export type Labelled = Pick<HistoryTable, 'days' | 'day'>;

/** Days since 1970. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / DAY_MS);
}

/**
 * Weight of a row. Snapshots closer together than the horizon repeat the same outcome, so each weighs the days between snapshots divided by
 * the horizon.
 */
export function rowWeight(days: readonly string[]): number {
  const numbers = days.map(dayNumber);
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined || days.length < 2) return 1;
  return Math.min(1, (last - first) / (days.length - 1) / HORIZON_DAYS);
}

/**
 * By index in `days`, whether the outcomes of the day are known. A positive outcome can be known early, a negative one only at the end of
 * the horizon, so a day without negatives would hold only positives.
 */
export function matureDays({ days, day }: Labelled, labels: Int8Array): boolean[] {
  const hasNot = days.map(() => false);
  const hasUnknown = days.map(() => false);
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === 0) hasNot[day[row] as number] = true;
    else if (labels[row] === UNKNOWN) hasUnknown[day[row] as number] = true;
  }
  const seen = new Set(day);
  return days.map((_, index) => seen.has(index) && (hasNot[index] === true || !hasUnknown[index]));
}

/** Rows of the selected days with a known outcome, ascending. */
export function rowsOf({ day }: Labelled, labels: Int8Array, asked: (index: number) => boolean): Int32Array {
  const rows = new Int32Array(labels.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++)
    if (labels[row] !== UNKNOWN && asked(day[row] as number)) rows[count++] = row;
  return rows.slice(0, count);
}

/** Number of accounts in the rows that had the outcome. */
export function happenedIn(table: Accounts, labels: Int8Array, rows: Int32Array): number {
  return accountsOf(table, rows, (row) => labels[row] === 1);
}

export function accountsOf(
  { account }: Accounts,
  rows: Int32Array,
  isMeant: (row: number) => boolean = () => true,
): number {
  const accounts = new Set<number>();
  for (const row of rows) if (isMeant(row)) accounts.add(account[row] as number);
  return accounts.size;
}

type Accounts = Pick<HistoryTable, 'account'>;
