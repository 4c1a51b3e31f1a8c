import { DAY_MS } from '../days.js';

const FIRST_MS = Date.UTC(1900, 0, 1);
const AFTER_LAST_MS = Date.UTC(10_000, 0, 1);
const MONTH_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const [BLANK, PLUS, DASH, DOT, ZERO, NINE, COLON, T, Z] = [32, 43, 45, 46, 48, 57, 58, 84, 90] as const;

/**
 * Epoch milliseconds of an ISO 8601 date (its midnight in UTC) or of a date and time with an offset: `Z`, `±hh:mm`,
 * `±hhmm` or `±hh` up to 18 hours. As in databases and spreadsheets, a space may replace the `T` or precede the offset,
 * and `UTC` may replace `Z`. Undefined for everything else: a day that is not in the calendar, 24:00, a leap second, a
 * time without an offset, years outside 1900 to 9999. Digits beyond the millisecond are dropped. Every event passes
 * through here, so it reads characters and creates no Date.
 */
export function parseInstant(text: string): number | undefined {
  if (text.length < 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return undefined;
  const century = twoDigits(text, 0);
  const yearOfCentury = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) return undefined;
  const year = century * 100 + yearOfCentury;
  if (day > daysInMonth(year, month)) return undefined;
  const timeMs = text.length === 10 ? 0 : parseTime(text);
  const ms = epochDay(year, month, day) * DAY_MS + timeMs;
  // The comparison also rejects NaN, for an invalid time.
  return ms >= FIRST_MS && ms < AFTER_LAST_MS ? ms : undefined;
}

/** Milliseconds since midnight UTC of the given day, NaN if malformed. Reads from index 10, the `T` or space. */
function parseTime(text: string): number {
  const separator = text.charCodeAt(10);
  if ((separator !== T && separator !== BLANK) || text.charCodeAt(13) !== COLON) return NaN;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return NaN;
  let at = 16;
  let ms = hour * 3_600_000 + minute * 60_000;
  if (text.charCodeAt(at) === COLON) {
    const second = twoDigits(text, 17);
    if (second < 0 || second > 59) return NaN;
    ms += second * 1000;
    at = 19;
    if (text.charCodeAt(at) === DOT) {
      let unit = 100;
      const start = ++at;
      for (let c = text.charCodeAt(at); c >= ZERO && c <= NINE; c = text.charCodeAt(++at)) {
        ms += (c - ZERO) * Math.trunc(unit);
        unit /= 10;
      }
      if (at === start) return NaN;
    }
  }
  return ms - parseOffset(text, at);
}

function parseOffset(text: string, from: number): number {
  const at = text.charCodeAt(from) === BLANK ? from + 1 : from;
  const sign = text.charCodeAt(at);
  if (sign === Z) return text.length === at + 1 ? 0 : NaN;
  if (sign !== PLUS && sign !== DASH) return text.slice(at) === 'UTC' ? 0 : NaN;
  const hours = twoDigits(text, at + 1);
  const minutes = parseOffsetMinutes(text, at + 3);
  if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > 18 * 60) return NaN;
  const ms = (hours * 60 + minutes) * 60_000;
  return sign === PLUS ? ms : -ms;
}

/** -1 if malformed. */
function parseOffsetMinutes(text: string, from: number): number {
  if (text.length === from) return 0;
  const at = text.charCodeAt(from) === COLON ? from + 1 : from;
  return text.length === at + 2 ? twoDigits(text, at) : -1;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function daysInMonth(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : (MONTH_DAYS[month] ?? 0);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function epochDay(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
