export interface ReadDates {
  /** Days since 1970 with a fraction for the time, UTC unless the cell states an offset; NaN if it is not a date. */
  readonly values: Float64Array;
  readonly count: number;
  /** Set for dates that do not begin with the year. */
  readonly order: 'day first' | 'month first' | null;
}

const DAY_MS = 86_400_000;
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const TIME = String.raw`(?:[T ,]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?\s*(?<half>[AaPp][Mm])?)?$`;
const YEAR_FIRST = new RegExp(
  String.raw`^(?<year>\d{4})(?<sign>[/.])(?<first>\d{1,2})\k<sign>(?<other>\d{1,2})${TIME}`,
);
const YEAR_LAST = new RegExp(
  String.raw`^(?<first>\d{1,2})(?<sign>[/.-])(?<other>\d{1,2})\k<sign>(?<year>\d{4}|\d{2})${TIME}`,
);

/**
 * Reads a column of dates: ISO 8601, year/month/day, and dates that end with the year. The whole column decides whether day or month comes
 * first: a number above 12 is a day. If no cell decides, dates with slashes are month first and others day first.
 */
export function readDates(cells: readonly string[]): ReadDates {
  const order = orderOf(cells);
  const values = Float64Array.from(cells, (cell) => dayOf(cell, order === 'day first'));
  return { values, count: values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0), order };
}

function orderOf(cells: readonly string[]): ReadDates['order'] {
  let [dayFirst, monthFirst, slashes, others] = [0, 0, 0, 0];
  for (const cell of cells) {
    const { first, other: second, sign } = YEAR_LAST.exec(cell)?.groups ?? {};
    if (first === undefined) continue;
    if (Number(first) > 12) dayFirst++;
    if (Number(second) > 12) monthFirst++;
    if (sign === '/') slashes++;
    else others++;
  }
  if (slashes + others === 0) return null;
  if (dayFirst !== monthFirst) return dayFirst > monthFirst ? 'day first' : 'month first';
  return slashes > others ? 'month first' : 'day first';
}

function dayOf(cell: string, isDayFirst: boolean): number {
  if (ISO.test(cell)) return isoDay(cell);
  const yearFirst = YEAR_FIRST.exec(cell)?.groups;
  const groups = yearFirst ?? YEAR_LAST.exec(cell)?.groups;
  if (!groups) return NaN;
  const parts = [Number(groups.first), Number(groups.other)];
  const [month = 0, day = 0] = !yearFirst && isDayFirst ? parts.reverse() : parts;
  const midnight = Date.UTC(fullYear(groups.year ?? ''), month - 1, day);
  const isInCalendar = new Date(midnight).getUTCMonth() === month - 1 && day > 0;
  return isInCalendar ? midnight / DAY_MS + timeOf(groups) : NaN;
}

function isoDay(cell: string): number {
  const isPlain = /:\d{2}(?:[.,]\d+)?$/.test(cell) && !/[+-]\d{2}:?\d{2}$/.test(cell.slice(10));
  return Date.parse(cell.replace(' ', 'T').replace(',', '.') + (isPlain ? 'Z' : '')) / DAY_MS;
}

/** Two digits are a year from 1970 to 2069. */
function fullYear(year: string): number {
  return year.length === 4 ? Number(year) : Number(year) + (Number(year) < 70 ? 2000 : 1900);
}

/** As a fraction of a day. */
function timeOf({ hour, minute, second, half }: Record<string, string | undefined>): number {
  if (hour === undefined) return 0;
  const isAfternoon = half?.toLowerCase() === 'pm';
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (isAfternoon ? 12 : 0);
  if (hours > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return NaN;
  return (hours * 3600 + Number(minute) * 60 + Number(second ?? 0)) / 86_400;
}
