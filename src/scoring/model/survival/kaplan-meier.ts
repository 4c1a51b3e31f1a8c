import { choleskySolve } from '../cholesky.js';

/** Of survival, by which it may miss a half in a double and still be a half. */
const ROUNDING = 1e-9;

/** What was seen of one account, in any unit of time. */
export interface Observation {
  /** Age when it came into view; 0 for one seen from its beginning. Below `time`. */
  readonly entry: number;
  readonly time: number;
  /** It left at `time`; otherwise it was last seen then. */
  readonly churned: boolean;
}

/** A step for each time at which somebody left. */
export interface SurvivalStep {
  readonly time: number;
  readonly atRisk: number;
  readonly lost: number;
  readonly survival: number;
  /** Greenwood's. NaN where nobody is left. */
  readonly standardError: number;
}

/**
 * Kaplan and Meier's product limit with delayed entry: at risk at a time are those who entered before it and were seen at least until it.
 * Who is lost to view when others leave counts among those at risk. A RangeError when an account is not seen for any time.
 */
export function kaplanMeier(observations: readonly Observation[]): SurvivalStep[] {
  const seen = observations.find(({ entry, time }) => !(entry < time));
  if (seen) throw new RangeError(`an account was seen from ${seen.entry} to ${seen.time}`);
  let survival = 1;
  let variance = 0;
  return riskSets(observations).map(({ time, atRisk, lost }) => {
    survival *= 1 - lost / atRisk;
    variance += lost / (atRisk * (atRisk - lost));
    return { time, atRisk, lost, survival, standardError: survival * Math.sqrt(variance) };
  });
}

/** S(time): that of the last step up to then. */
export function survivalAt(steps: readonly SurvivalStep[], time: number): number {
  return steps.findLast((step) => step.time <= time)?.survival ?? 1;
}

/** The first time at which half are gone; the middle of the step where exactly half are there for a while. Null: more than half are left. */
export function medianLifetime(steps: readonly SurvivalStep[]): number | null {
  const place = steps.findIndex(({ survival }) => survival <= 0.5 + ROUNDING);
  const half = steps[place];
  if (!half) return null;
  const next = steps[place + 1];
  return next && half.survival >= 0.5 - ROUNDING ? (half.time + next.time) / 2 : half.time;
}

export interface LogRank {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

/**
 * Whether groups leave at the same rate (Mantel, Cox; hypergeometric variance). A RangeError for fewer than two groups or when
 * the figures cannot tell them apart, as when nobody left.
 */
export function logRank(groups: readonly (readonly Observation[])[]): LogRank {
  const degreesOfFreedom = groups.length - 1;
  if (degreesOfFreedom < 1) throw new RangeError('one group has none to be compared with');
  const size = degreesOfFreedom;
  const surplus = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  const counted = groups.map(countsOf);
  for (const { time, atRisk, lost } of riskSets(groups.flat())) {
    const shares = counted.slice(0, size).map((counts) => counts.atRisk(time) / atRisk);
    const spread = atRisk > 1 ? (lost * (atRisk - lost)) / (atRisk - 1) : 0;
    shares.forEach((share, one) => {
      surplus[one] = (surplus[one] ?? 0) + (counted[one]?.lost(time) ?? 0) - lost * share;
      shares.forEach((other, place) => {
        const shared = (one === place ? share : 0) - share * other;
        covariance[one * size + place] = (covariance[one * size + place] ?? 0) + spread * shared;
      });
    });
  }
  const solved = choleskySolve(covariance, surplus);
  if (!solved) throw new RangeError('the groups cannot be told apart');
  return {
    chiSquare: surplus.reduce((sum, one, place) => sum + one * (solved[place] ?? 0), 0),
    degreesOfFreedom,
  };
}

function riskSets(observations: readonly Observation[]): { time: number; atRisk: number; lost: number }[] {
  const counts = countsOf(observations);
  const times = new Set(observations.filter(({ churned }) => churned).map(({ time }) => time));
  return [...times]
    .sort((one, other) => one - other)
    .map((time) => ({ time, atRisk: counts.atRisk(time), lost: counts.lost(time) }));
}

/** How many of them are at risk, and leave, at a time. */
function countsOf(observations: readonly Observation[]): {
  atRisk: (time: number) => number;
  lost: (time: number) => number;
} {
  const entries = Float64Array.from(observations, ({ entry }) => entry).sort();
  const times = Float64Array.from(observations, ({ time }) => time).sort();
  const lost = new Map<number, number>();
  for (const { time, churned } of observations) if (churned) lost.set(time, (lost.get(time) ?? 0) + 1);
  return {
    atRisk: (time) => countBelow(entries, time) - countBelow(times, time),
    lost: (time) => lost.get(time) ?? 0,
  };
}

/** How many of the sorted values are below one. */
function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
