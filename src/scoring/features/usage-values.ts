import type { Features } from './catalogue.js';
import { MIN_EVENTS } from '../model/catalogue/feature.js';

export interface UsageTotals {
  /** Whether any account has ever sent usage. */
  readonly uses: boolean;
  /** Events of the last 13 weeks, newest first. */
  readonly weeks: readonly number[];
  /** Days with usage as bits, 31 per number; today is the lowest bit of the first. */
  readonly masks: readonly number[];
  /** Days since first use; null when never used. */
  readonly firstUseDays: number | null;
  /** Days since last use, when that lies beyond the masks. */
  readonly lastUseDays: number | null;
}

type UsageValues = Pick<
  Features,
  | 'activeDays7'
  | 'activeDays28'
  | 'activeDays90'
  | 'events28'
  | 'usageTrend28'
  | 'usageGrowth28'
  | 'usageGrowthPrior28'
  | 'daysSinceLastUse'
  | 'usageVsOwn90'
>;

const MASK_DAYS = 31;

/** Computes the usage features; the trend still without the tier's median. */
export function usageValues({ uses, weeks, masks, firstUseDays, lastUseDays }: UsageTotals): UsageValues {
  const [first = 0, second = 0, third = 0] = masks;
  const month = first & ((1 << 28) - 1);
  const used = firstUseDays ?? -1;
  const growth = growthOf(weeks, 0, used);
  return {
    activeDays7: uses ? bitCount(first & 127) : null,
    activeDays28: uses ? bitCount(month) : null,
    activeDays90: uses ? bitCount(first) + bitCount(second) + bitCount(third & ((1 << 28) - 1)) : null,
    events28: uses ? sum(weeks, 0, 4) : null,
    usageTrend28: growth,
    usageGrowth28: growth,
    usageGrowthPrior28: growthOf(weeks, 4, used),
    daysSinceLastUse: lowestBit([first, second, third]) ?? lastUseDays,
    usageVsOwn90: used >= 7 * weeks.length - 1 ? zScore(weeks) : null,
  };
}

/** Growth in percent of the four weeks from `from` over the four before; null with too few events, or when usage began within that time. */
function growthOf(weeks: readonly number[], from: number, firstUseDays: number): number | null {
  const earlier = sum(weeks, from + 4, from + 8);
  if (earlier < MIN_EVENTS || firstUseDays < 7 * (from + 8) - 1) return null;
  return (100 * sum(weeks, from, from + 4)) / earlier - 100;
}

/** The newest week in standard deviations from the mean of the weeks before; null when those were all equal. */
function zScore([newest = 0, ...before]: readonly number[]): number | null {
  const mean = sum(before, 0, before.length) / before.length;
  const squares = before.reduce((total, week) => total + (week - mean) ** 2, 0);
  return squares > 0 ? (newest - mean) / Math.sqrt(squares / (before.length - 1)) : null;
}

function sum(numbers: readonly number[], from: number, to: number): number {
  let total = 0;
  for (let index = from; index < to; index++) total += numbers[index] ?? 0;
  return total;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function lowestBit(masks: readonly number[]): number | null {
  const index = masks.findIndex((mask) => mask !== 0);
  const mask = masks[index] ?? 0;
  return index < 0 ? null : MASK_DAYS * index + 31 - Math.clz32(mask & -mask);
}
