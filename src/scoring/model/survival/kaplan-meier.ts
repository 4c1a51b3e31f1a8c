import { choleskySolve } from '../cholesky.js';

/** Rounding tolerance for a survival of exactly one half. */
const ROUNDING = 1e-9;

/** Observation of one account, in any unit of time. */
export interface Observation {
  /** Age at entry into observation; 0 if observed from the start. Below `time`. */
  readonly entry: number;
  readonly time: number;
  /** Whether it churned at `time`; otherwise it was last seen then. */
  readonly churned: boolean;
}

/** A step for each time with churn. */
export interface SurvivalStep {
  readonly time: number;
  readonly atRisk: number;
  readonly lost: number;
  readonly survival: number;
  /** Greenwood's standard error. NaN if no account is left. */
  readonly standardError: number;
}

/**
 * Kaplan and Meier's product limit with delayed entry: at risk at a time are those who entered before it and were seen at least until it.
 * Accounts censored at a time of churn count as at risk.
 * @throws RangeError if an account is observed for no time
 */
export function kaplanMeier(observations: readonly Observation[]): SurvivalStep[] {
  const seen = observations.find(({ entry, time }) => !(entry < time));
  if (seen)
    throw new RangeError(`A lifetime must end after its entry, not go from ${seen.entry} to ${seen.time}`);
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

/** The first time at which half have churned; the middle of the step where survival is exactly one half. Null: more than half are left. */
export function medianLifetime(steps: readonly SurvivalStep[]): number | null {
  const index = steps.findIndex(({ survival }) => survival <= 0.5 + ROUNDING);
  const half = steps[index];
  if (!half) return null;
  const next = steps[index + 1];
  return next && half.survival >= 0.5 - ROUNDING ? (half.time + next.time) / 2 : half.time;
}

export interface LogRank {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

/**
 * Log-rank test of whether groups churn at the same rate (Mantel, Cox; hypergeometric variance).
 * @throws RangeError for fewer than two groups, or if the data cannot distinguish them, as without any churn
 */
export function logRank(groups: readonly (readonly Observation[])[]): LogRank {
  const degreesOfFreedom = groups.length - 1;
  if (degreesOfFreedom < 1) throw new RangeError('At least two groups are needed');
  const size = degreesOfFreedom;
  const surplus = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  const counted = groups.map(countsOf);
  for (const { time, atRisk, lost } of riskSets(groups.flat())) {
    const shares = counted.slice(0, size).map((counts) => counts.atRisk(time) / atRisk);
    const spread = atRisk > 1 ? (lost * (atRisk - lost)) / (atRisk - 1) : 0;
    shares.forEach((share, one) => {
      surplus[one] = (surplus[one] ?? 0) + (counted[one]?.lost(time) ?? 0) - lost * share;
      shares.forEach((other, index) => {
        const shared = (one === index ? share : 0) - share * other;
        covariance[one * size + index] = (covariance[one * size + index] ?? 0) + spread * shared;
      });
    });
  }
  const solved = choleskySolve(covariance, surplus);
  if (!solved) throw new RangeError('The groups cannot be distinguished');
  return {
    chiSquare: surplus.reduce((sum, one, index) => sum + one * (solved[index] ?? 0), 0),
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

/** Accounts at risk, and churning, at a time. */
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

/** Number of sorted values below the given one. */
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
