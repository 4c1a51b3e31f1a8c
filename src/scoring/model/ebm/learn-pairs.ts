import { drawBag } from './bag.js';
import { bestCheckpoint, lossChange, type OutOfBag, outOfBag, tablesAt } from './ensemble.js';
import { findPairs, rankPairs } from './find-pairs.js';
import type { RunTasks } from './fit.js';
import type { Tables } from './purify.js';
import type { BagResult, MainsTask, Pair, PairsTask } from './task.js';

/** Pairs taken because they stand out from chance one by one. */
const MAX_SIGNIFICANT = 10;
/** Pairs that are too weak to stand out may still matter together: 30, then 100 of them are tried. */
const SIZES = [30, 100] as const;
/** Standard errors by which more pairs must be better. */
const MIN_ERRORS = 2;
/** Bags that each number of pairs is tried on. */
const TRIED = 3;

export interface FittedMains {
  readonly tasks: readonly MainsTask[];
  readonly bags: readonly Tables[];
  /** Predictions of the mains outside their bags. */
  readonly left: OutOfBag;
}

export interface LearnedPairs {
  readonly pairs: readonly Pair[];
  /** The mains plus the tables of the pairs. */
  readonly bags: readonly Tables[];
}

/**
 * Adds pairs to fitted mains, at most `limit`. Those that stand out from chance are taken. More are taken, the strongest 30 or 100, only if
 * that clearly lowers the out-of-bag log-loss: in most tables it does not, in some the signal is spread over all pairs.
 */
export async function learnPairs(mains: FittedMains, limit: number, run: RunTasks): Promise<LearnedPairs> {
  const [first] = mains.tasks;
  if (first === undefined || first.shapes.length < 2 || limit === 0) return { pairs: [], bags: mains.bags };
  const significant = await findPairs(first, mains.left, Math.min(limit, MAX_SIGNIFICANT), run);
  const tried = mains.tasks.slice(0, TRIED).map((_, bag) => bag);
  const trial = await fitPairs(
    mains,
    tried.map((bag) => ({ bag, pairs: significant })),
    run,
  );
  const size = await chooseSize(mains, lowest(first, trial), limit, run);
  const pairs =
    size > significant.length ? (await rankPairs(first, mains.left, run)).slice(0, size) : significant;
  if (pairs.length === 0) return { pairs, bags: mains.bags };
  const done = pairs === significant ? trial : [];
  const rest = mains.tasks.map((_, bag) => bag).slice(done.length);
  const fitted = [
    ...done,
    ...(await fitPairs(
      mains,
      rest.map((bag) => ({ bag, pairs })),
      run,
    )),
  ];
  const best = bestCheckpoint(first.data, fitted);
  return {
    pairs,
    bags: mains.bags.map((bag, index) => ({ ...bag, pairs: tablesAt(fitted[index] as BagResult, best) })),
  };
}

/**
 * The number of strongest pairs that are worth having; 0: no more than `before` has. Each bag is tried with the pairs that are strongest on
 * the rows inside it. If the rows outside influenced the choice, pairs of pure noise would look good on them.
 */
async function chooseSize(
  mains: FittedMains,
  before: OutOfBag,
  limit: number,
  run: RunTasks,
): Promise<number> {
  const [first] = mains.tasks as readonly [MainsTask];
  const { data, shapes, seed } = first;
  const count = (shapes.length * (shapes.length - 1)) / 2;
  const ranked: Pair[][] = [];
  let [chosen, base] = [0, before];
  for (const size of SIZES) {
    const [previous = MAX_SIGNIFICANT] = SIZES.filter((other) => other < size).slice(-1);
    if (Math.min(count, limit) <= previous) break;
    for (const { bag } of ranked.length === 0 ? mains.tasks.slice(0, TRIED) : []) {
      const { rows, inside } = drawBag(data, seed, bag);
      const isInside = new Uint8Array(data.labels.length);
      for (const row of rows.subarray(0, inside)) isInside[row] = 1;
      ranked.push(await rankPairs(first, mains.left, run, (row) => isInside[row] === 1));
    }
    const most = Math.min(size, limit);
    const trial = await fitPairs(
      mains,
      ranked.map((pairs, bag) => ({ bag, pairs: pairs.slice(0, most) })),
      run,
    );
    const after = lowest(first, trial);
    const { mean, standardError } = lossChange(data, base, after);
    if (mean < -MIN_ERRORS * standardError) [chosen, base] = [Math.min(most, count), after];
  }
  return chosen;
}

function lowest({ data }: MainsTask, fitted: readonly BagResult[]): OutOfBag {
  return outOfBag(data, fitted, bestCheckpoint(data, fitted));
}

interface Trial {
  readonly bag: number;
  readonly pairs: readonly Pair[];
}

async function fitPairs(
  { tasks, bags }: FittedMains,
  trials: readonly Trial[],
  run: RunTasks,
): Promise<BagResult[]> {
  const pairsTasks = trials.map(({ bag, pairs }): PairsTask => {
    const { data, shapes, seed } = tasks[bag] as MainsTask;
    const { intercept, mains } = bags[bag] as Tables;
    return { kind: 'pairs', data, shapes, seed, bag, intercept, mains, pairs };
  });
  return (await run(pairsTasks)) as BagResult[];
}
