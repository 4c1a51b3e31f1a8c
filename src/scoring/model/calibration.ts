import { fitLogistic } from './logistic.js';

/** How far off the level of a model is thought to be before its newest window is seen, in logits; a judgment call. */
const SHIFT_SD = 0.3;
/** From how many churned accounts on the spread of the logits is corrected too; a judgment call. */
const CHURNS_FOR_SLOPE = 200;
/** Wide beside what that many churns say; it only keeps a window that is told apart perfectly from having no optimum. */
const SLOPE_SD = 1;

/** Logits become centre + shift + slope · (logit − centre). */
export interface CalibrationShift {
  readonly shift: number;
  readonly slope: number;
  /** Mean logit of the window: what the slope turns about. */
  readonly centre: number;
}

/** How far the level of an installation moves in a year, in logits; a judgment call. */
const DRIFT_SD = 0.2;

/**
 * From out-of-fold `logits` of mature windows that do not overlap and what came of them, `labels` 0 or 1: the most likely shift under
 * N(0, .3²), with a slope from 200 churns on. Nothing is moved where there are no rows. `years` until today (by row, below 0): the level is
 * taken to drift evenly, by N(0, .2²) a year, and the shift is that of today, which no window has reached; the churns of the newest
 * window alone say whether there is a slope. None: of one window, for its own day.
 */
export function fitCalibration(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  years: ArrayLike<number> = new Uint8Array(labels.length),
): CalibrationShift {
  let churned = 0;
  let centre = 0;
  const newest = Array.from(years).reduce((latest, year) => Math.max(latest, year), -Infinity);
  for (let row = 0; row < labels.length; row++) {
    if (years[row] === newest) churned += labels[row] ?? 0;
    centre += (logits[row] ?? 0) / labels.length;
  }
  const columns: ((row: number) => number)[] = [];
  if (Array.from(years).some((year) => year !== 0)) columns.push((row) => DRIFT_SD * (years[row] ?? 0));
  const sloped = churned >= CHURNS_FOR_SLOPE;
  if (sloped) columns.push((row) => (logits[row] ?? 0) - centre);
  const design = new Float64Array(labels.length * columns.length);
  for (let at = 0; at < design.length; at++)
    design[at] = columns[at % columns.length]?.(Math.floor(at / columns.length)) ?? 0;
  const { intercept, weights } = fitLogistic(
    { labels, design, features: columns.length, offset: logits },
    { intercept: 1 / SHIFT_SD ** 2, weights: 1 / SLOPE_SD ** 2 },
  );
  return { shift: intercept, slope: 1 + (sloped ? (weights.at(-1) ?? 0) : 0), centre };
}

export function calibrated({ shift, slope, centre }: CalibrationShift, logit: number): number {
  return centre + shift + slope * (logit - centre);
}

/**
 * The numbers, rising with `scores`, that are nearest to the `labels` in squares (pool adjacent violators; Ayer et al. 1955). In
 * the order of the rows; equal scores have equal ones. `weights`: above 0; none: 1.
 */
export function isotonicOf(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Float64Array {
  const order = Uint32Array.from(scores, (_, row) => row).sort(
    (one, other) => (scores[one] ?? 0) - (scores[other] ?? 0),
  );
  const pools: Pool[] = [];
  for (let at = 0; at < order.length;) {
    const score = scores[order[at] ?? 0];
    let pool: Pool = { count: 0, weight: 0, sum: 0 };
    for (; at < order.length && scores[order[at] ?? 0] === score; at++) {
      const row = order[at] ?? 0;
      const weight = weights?.[row] ?? 1;
      pool = together(pool, { count: 1, weight, sum: weight * (labels[row] ?? 0) });
    }
    for (let last = pools.at(-1); last && meanOf(last) >= meanOf(pool); last = pools.at(-1)) {
      pool = together(pool, last);
      pools.pop();
    }
    pools.push(pool);
  }
  const fitted = new Float64Array(order.length);
  let place = 0;
  for (const pool of pools) {
    const end = place + pool.count;
    for (; place < end; place++) fitted[order[place] ?? 0] = meanOf(pool);
  }
  return fitted;
}

interface Pool {
  readonly count: number;
  readonly weight: number;
  readonly sum: number;
}

const meanOf = ({ weight, sum }: Pool): number => sum / weight;

function together(one: Pool, other: Pool): Pool {
  return {
    count: one.count + other.count,
    weight: one.weight + other.weight,
    sum: one.sum + other.sum,
  };
}
