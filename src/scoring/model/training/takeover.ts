import type { TestedWindow } from './backtest.js';
import type { Words } from './question.js';

/** Keeps the logarithm of a probability of exactly 0 or 1 finite. */
const CLOSEST = 1e-15;
/** Accounts to which it has happened within the windows that were tested, below which they tell nothing; a judgement. */
const LEAST_TESTED = 10;
/** Of the base rate's log-loss: with less gained, two levels differ and nothing is told apart; a judgement. */
const LEAST_GAIN = 0.002;

/** Of two predictions of the same rows. */
export interface Comparison {
  /** Mean log-loss of the first less that of the other: below 0 the first is better. */
  readonly difference: number;
  /** Of that, the rows of an account taken together. */
  readonly standardError: number;
}

export interface Paired {
  readonly labels: ArrayLike<number>;
  readonly account: ArrayLike<number>;
  readonly one: ArrayLike<number>;
  readonly other: ArrayLike<number>;
}

export interface Decision {
  /** Whether what was trained is to be used from now on; else what is used stays. */
  readonly taken: boolean;
  readonly basis: 'prior' | 'fitted';
  /** For people. */
  readonly text: string;
  /** Of the fitted model with the others, over all windows; against the model in use on the newest one. */
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

/** When no window could be tested. */
export function cannotTest(reason: string, { judgement }: Words, wasFitted: boolean): Decision {
  return {
    taken: true,
    basis: 'prior',
    text: `${wasFitted ? 'goes back to' : 'stays on'} ${judgement}: ${reason}`,
    comparisons: NONE,
  };
}

/**
 * The fitted model takes over when its log-loss is lower by more than one standard error than that of the judgement and of the base rate (else it
 * has no skill). Once in use it stays until the judgement is better by as much, or it has lost its skill.
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
  const back = wasFitted ? 'goes back to' : 'stays on';
  const toPrior = (reason: string): Decision => ({
    taken: true,
    basis: 'prior',
    text: `${back} ${words.judgement}: ${reason}`,
    comparisons,
  });
  const tested = windows.reduce((sum, { labels }) => sum + labels.reduce((all, one) => all + one, 0), 0);
  if (tested < LEAST_TESTED)
    return toPrior(
      `${tested} accounts ${words.happened} within the windows that were tested; ${LEAST_TESTED} are needed`,
    );
  if (!isLower(baseRate) || -baseRate.difference < LEAST_GAIN * baseLossOf(windows))
    return toPrior(
      `the fitted model shows no skill beyond chance; it ${told(baseRate)} than the base rate over ${windowsOf(windows.length)}`,
    );
  const wins = wasFitted ? !isHigher(judgement) : isLower(judgement);
  if (!wins)
    return toPrior(
      `the fitted model does not beat it by more than chance; it ${told(judgement)} over ${windowsOf(windows.length)}`,
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

/** A refit replaces what is in use unless it is worse by more than one standard error. */
export function decideRefit(first: Decision, inUse: Comparison): Decision {
  const comparisons = { ...first.comparisons, inUse };
  if (!isHigher(inUse)) return { ...first, comparisons };
  return {
    taken: false,
    basis: 'fitted',
    text: `the fitted model in use stays: the new one ${told(inUse)} than it in the newest window`,
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
