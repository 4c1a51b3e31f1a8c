import { UNKNOWN, type HistoryTable } from '../history/history-table.js';

const DAY_MS = 86_400_000;
/** Days ahead that an outcome is about. */
const HORIZON_DAYS = 90;
/** Unless the history says another. */
const GRACE_DAYS = 30;

/** After so many days what came of a row is known. */
export function matureAfter({ graceDays = GRACE_DAYS }: Pick<HistoryTable, 'graceDays'>): number {
  return HORIZON_DAYS + graceDays;
}

export type Labelled = Pick<HistoryTable, 'days' | 'day'>;

/** Days since 1970. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / DAY_MS);
}

/**
 * How much of a row is news: snapshots that are nearer to each other than the horizon tell the same outcome several times, so each weighs
 * the days to the next by those of the horizon.
 */
export function rowWeight(days: readonly string[]): number {
  const numbers = days.map(dayNumber);
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined || days.length < 2) return 1;
  return Math.min(1, (last - first) / (days.length - 1) / HORIZON_DAYS);
}

/**
 * By place in `days`, whether the outcomes of the day are known. That something has happened can be known early, that it has not only
 * when the time is over: rows of a day without a 0 would be those of the unlucky alone.
 */
export function matureDays({ days, day }: Labelled, labels: Int8Array): boolean[] {
  const hasNot = days.map(() => false);
  const hasUnknown = days.map(() => false);
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === 0) hasNot[day[row] as number] = true;
    else if (labels[row] === UNKNOWN) hasUnknown[day[row] as number] = true;
  }
  const seen = new Set(day);
  return days.map((_, place) => seen.has(place) && (hasNot[place] === true || !hasUnknown[place]));
}

/** Rows whose outcome is known, ascending, of the days that are asked for. */
export function rowsOf({ day }: Labelled, labels: Int8Array, asked: (place: number) => boolean): Int32Array {
  const rows = new Int32Array(labels.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++)
    if (labels[row] !== UNKNOWN && asked(day[row] as number)) rows[count++] = row;
  return rows.slice(0, count);
}

/** How many accounts of the rows it happened to. */
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
