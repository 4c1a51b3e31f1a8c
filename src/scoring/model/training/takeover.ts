import type { TestedWindow } from './backtest.js';
import type { Words } from './question.js';

/** Keeps the logarithm of a probability of exactly 0 or 1 finite. */
const CLOSEST = 1e-15;
/** Minimum accounts with the outcome in the tested windows; a judgment call. */
const MIN_TESTED = 10;
/** Minimum gain, as a share of the base rate's log-loss. A smaller one can come from the level alone; a judgment call. */
const MIN_GAIN = 0.002;

/** Compares two predictions of the same rows. */
export interface Comparison {
  /** Mean log-loss of the first minus that of the other: below 0 the first is better. */
  readonly difference: number;
  /** Standard error of the difference, clustered by account. */
  readonly standardError: number;
}

export interface Paired {
  readonly labels: ArrayLike<number>;
  readonly account: ArrayLike<number>;
  readonly one: ArrayLike<number>;
  readonly other: ArrayLike<number>;
}

export interface Decision {
  /** Whether to use the trained model from now on; otherwise the model in use stays. */
  readonly taken: boolean;
  readonly basis: 'prior' | 'fitted';
  /** For people. */
  readonly text: string;
  /** The fitted model against the others over all windows, and against the model in use on the newest one. */
  readonly comparisons: {
    readonly judgement: Comparison | null;
    readonly baseRate: Comparison | null;
    readonly inUse: Comparison | null;
  };
}

export function compare(parts: readonly Paired[]): Comparison {
  const byAccount = new Map<number, { sum: number; count: number }>();
  let [sum, count] = [0, 0];
  for (const { labels, account, one, other } of parts) {
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row] as number;
      const difference = lossOf(label, one[row] as number) - lossOf(label, other[row] as number);
      sum += difference;
      count++;
      const known = byAccount.get(account[row] as number);
      if (known) {
        known.sum += difference;
        known.count++;
      } else byAccount.set(account[row] as number, { sum: difference, count: 1 });
    }
  }
  if (count === 0) return { difference: 0, standardError: 0 };
  const mean = sum / count;
  let squares = 0;
  for (const { sum: own, count: rows } of byAccount.values()) squares += (own - rows * mean) ** 2;
  const clusters = byAccount.size;
  const small = clusters > 1 ? clusters / (clusters - 1) : 1;
  return { difference: mean, standardError: Math.sqrt(small * squares) / count };
}

function lossOf(label: number, p: number): number {
  return -Math.log(Math.max(CLOSEST, label === 1 ? p : 1 - p));
}

const NONE = { judgement: null, baseRate: null, inUse: null };

/** The decision if no window could be tested. */
export function cannotTest(reason: string, { judgement }: Words, wasFitted: boolean): Decision {
  return {
    taken: true,
    basis: 'prior',
    text: `${wasFitted ? 'returns to' : 'stays on'} ${judgement}: ${reason}`,
    comparisons: NONE,
  };
}

/**
 * The fitted model takes over if its log-loss is more than one standard error below both the judgment's and the base rate's (otherwise it has
 * no skill). Once in use it stays until the judgment is better by as much, or it has lost its skill.
 */
export function decide(windows: readonly TestedWindow[], words: Words, wasFitted: boolean): Decision {
  const against = (other: 'judgement' | 'baseRate'): Comparison =>
    compare(
      windows.map(({ labels, account, fitted, [other]: its }) => ({
        labels,
        account,
        one: fitted,
        other: its,
      })),
    );
  const comparisons = { judgement: against('judgement'), baseRate: against('baseRate'), inUse: null };
  const { judgement, baseRate } = comparisons;
  const back = wasFitted ? 'returns to' : 'stays on';
  const toPrior = (reason: string): Decision => ({
    taken: true,
    basis: 'prior',
    text: `${back} ${words.judgement}: ${reason}`,
    comparisons,
  });
  const tested = windows.reduce((sum, { labels }) => sum + labels.reduce((all, one) => all + one, 0), 0);
  if (tested < MIN_TESTED)
    return toPrior(`${tested} accounts ${words.happened} in the tested windows; ${MIN_TESTED} are needed`);
  if (!isLower(baseRate) || -baseRate.difference < MIN_GAIN * baseLossOf(windows))
    return toPrior(
      `the fitted model shows no skill; it ${told(baseRate)} than the base rate over ${windowsOf(windows.length)}`,
    );
  const wins = wasFitted ? !isHigher(judgement) : isLower(judgement);
  if (!wins)
    return toPrior(
      `the fitted model does not beat it clearly; it ${told(judgement)} over ${windowsOf(windows.length)}`,
    );
  return {
    taken: true,
    basis: 'fitted',
    text: `the fitted model ${told(judgement)} than ${words.judgement} over ${windowsOf(windows.length)}`,
    comparisons,
  };
}

function baseLossOf(windows: readonly TestedWindow[]): number {
  const [loss, rows] = windows.reduce(
    ([sum, count], { labels, baseRate }) => [
      sum + labels.reduce((all, label, row) => all + lossOf(label, baseRate[row] as number), 0),
      count + labels.length,
    ],
    [0, 0],
  );
  return loss / Math.max(1, rows);
}

/** A refit replaces the model in use unless it is worse by more than one standard error. */
export function decideRefit(first: Decision, inUse: Comparison): Decision {
  const comparisons = { ...first.comparisons, inUse };
  if (!isHigher(inUse)) return { ...first, comparisons };
  return {
    taken: false,
    basis: 'fitted',
    text: `keeps the fitted model in use: the new one ${told(inUse)} in the newest window`,
    comparisons,
  };
}

const isLower = ({ difference, standardError }: Comparison): boolean => difference + standardError < 0;
const isHigher = ({ difference, standardError }: Comparison): boolean => difference - standardError > 0;

/** As in "has a log-loss lower by 0.012 ± 0.004". */
function told({ difference, standardError }: Comparison): string {
  const way = difference < 0 ? 'lower' : 'higher';
  return `has a log-loss ${way} by ${figure(Math.abs(difference))} ± ${figure(standardError)}`;
}

function figure(value: number): string {
  return value.toFixed(value < 0.001 ? 5 : 4);
}

function windowsOf(count: number): string {
  return count === 1 ? 'one window' : `${count} windows`;
}
