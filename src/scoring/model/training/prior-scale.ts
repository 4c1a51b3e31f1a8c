import { logitOf, probabilityOf } from '../logit.js';
import type { ScalePrior } from './question.js';

/** Prior churn rate: one in 20 account-windows; a judgment call. */
const PSEUDO_HAPPENED = 1;
const PSEUDO_WINDOWS = 20;
/** Resolution of x: its rounding changes logits by a hundredth of what is displayed. */
const PER_UNIT = 200;
/** Upper bound of the scale, beyond any plausible fit. */
const MAX_SCALE = 10;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const CLOSE = 1e-6;

export interface ScaleData {
  readonly x: ArrayLike<number>;
  /** 0 or 1 in the selected rows. */
  readonly labels: ArrayLike<number>;
  readonly rows: Int32Array;
  /** Of each row. */
  readonly weight: number;
}

export interface ScaleFit {
  /** logit = base + scale · x. */
  readonly scale: number;
  readonly base: number;
  /** The mean probability over the rows. */
  readonly rate: number;
  /** Total weight of the rows, in non-overlapping windows. */
  readonly windows: number;
}

/** Rows of one x. */
interface Level {
  readonly x: number;
  count: number;
  happened: number;
}

/**
 * The maximum a posteriori scale. The base makes the mean probability over the rows equal (happened + 1) / (windows + 20), both by weight.
 * Without outcomes the scale is that of the prior.
 */
export function fitScale(data: ScaleData, prior: ScalePrior): ScaleFit {
  const { weight } = data;
  const levels = levelsOf(data);
  const total = (of: 'count' | 'happened'): number => levels.reduce((sum, level) => sum + level[of], 0);
  const windows = weight * total('count');
  const rate = (weight * total('happened') + PSEUDO_HAPPENED) / (windows + PSEUDO_WINDOWS);
  const baseAt = (scale: number): number => baseFor(levels, scale, rate);
  const logPosterior = (scale: number): number =>
    weight * logLikelihood(levels, scale, baseAt(scale)) - ((scale - prior.mean) / prior.sd) ** 2 / 2;
  const scale = total('happened') > 0 ? highest(logPosterior, MAX_SCALE) : prior.mean;
  return { scale, base: baseAt(scale), rate, windows };
}

function levelsOf({ x, labels, rows }: ScaleData): Level[] {
  const levels = new Map<number, Level>();
  for (const row of rows) {
    const key = Math.round(PER_UNIT * (x[row] as number));
    let level = levels.get(key);
    if (!level) levels.set(key, (level = { x: key / PER_UNIT, count: 0, happened: 0 }));
    level.count++;
    level.happened += labels[row] as number;
  }
  return [...levels.values()];
}

/** The mean increases with the base, so bisection converges. */
function baseFor(levels: readonly Level[], scale: number, rate: number): number {
  const centre = logitOf(rate);
  const count = levels.reduce((sum, level) => sum + level.count, 0);
  let [low, high] = [centre, centre];
  for (const { x } of levels) {
    low = Math.min(low, centre - scale * x);
    high = Math.max(high, centre - scale * x);
  }
  while (high - low > CLOSE / 100) {
    const middle = (low + high) / 2;
    const expected = levels.reduce(
      (sum, level) => sum + level.count * probabilityOf(middle + scale * level.x),
      0,
    );
    if (expected < rate * count) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function logLikelihood(levels: readonly Level[], scale: number, base: number): number {
  return levels.reduce((sum, { x, count, happened }) => {
    const logit = base + scale * x;
    const log1pExp = Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
    return sum + happened * logit - count * log1pExp;
  }, 0);
}

/** The maximum of the unimodal `f` between 0 and `end` (golden section). */
function highest(f: (at: number) => number, end: number): number {
  let [low, high] = [0, end];
  let [left, right] = [high - GOLDEN * high, GOLDEN * high];
  let [atLeft, atRight] = [f(left), f(right)];
  while (high - low > CLOSE) {
    if (atLeft >= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = f(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}
