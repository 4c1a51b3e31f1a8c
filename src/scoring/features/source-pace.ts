import { medianOf } from './raw-row.js';
import { DAY_MS } from '../../platform/days.js';

/** With fewer days there is no pace, so a history that was sent once never goes silent; a judgment call. */
const MIN_DAYS = 5;
/** A source is silent after more than this many usual gaps and more than this many days; judgment calls. */
const GAPS = 3;
const MIN_SILENCE_DAYS = 7;

export interface SourcePace {
  lastAt: string | null;
  usualGapDays: number | null;
  silent: boolean;
}

/** @param days UTC days with facts, ascending, none after `asOf` */
export function paceOf(days: readonly string[], asOf: string): SourcePace {
  const lastAt = days.at(-1) ?? null;
  if (lastAt === null || days.length < MIN_DAYS) return { lastAt, usualGapDays: null, silent: false };
  const usualGapDays = medianOf(days.slice(1).map((day, index) => daysBetween(days[index] ?? day, day))) ?? 0;
  const silent = daysBetween(lastAt, asOf) > Math.max(GAPS * usualGapDays, MIN_SILENCE_DAYS);
  return { lastAt, usualGapDays, silent };
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}
