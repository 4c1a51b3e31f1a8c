import { assemble } from './assemble.js';
import { fitBins } from './binning.js';
import { blocksOf } from './blocks.js';
import { fitCoarse } from './coarse.js';
import { binCount, type EbmFeature, type Monotone } from './columns.js';
import { type EbmTable, prepare } from './data.js';
import { bestCheckpoint, outOfBag, tablesAt } from './ensemble.js';
import { findPairs } from './find-pairs.js';
import { runTask } from './fit-bag.js';
import type { EbmModel } from './model.js';
import { purify, referenceOf, type Tables } from './purify.js';
import type {
  BagResult,
  EbmData,
  FeatureShape,
  FitResult,
  FitTask,
  MainsTask,
  Pair,
  PairsTask,
} from './task.js';

export interface EbmSettings {
  readonly seed: number;
  /** By the feature's name; of numbers only. */
  readonly monotone?: Readonly<Record<string, Monotone>>;
  /** At least 2 for an interval, 12 for a good one. */
  readonly bags?: number;
  /** At most; fewer when fewer stand out. */
  readonly pairs?: number;
  /** How the columns are read into bins, by another model of the same columns; default: by the rows. */
  readonly features?: readonly EbmFeature[];
}

/** Runs tasks that do not depend on each other, wherever; results in their order. */
export type RunTasks = (tasks: readonly FitTask[]) => Promise<FitResult[]>;

const BAGS = 14;
const PAIRS = 10;
/** Bags that are fitted from both starts. */
const TRIED = 3;

export const runHere: RunTasks = (tasks) => Promise.resolve(tasks).then((all) => all.map(runTask));

/**
 * Fits on all rows of the table. Deterministic for a seed, however the tasks are run.
 * @throws RangeError when columns and labels differ in length, or a label is neither 0 nor 1
 */
export async function fitEbm(
  table: EbmTable,
  settings: EbmSettings,
  run: RunTasks = runHere,
): Promise<EbmModel> {
  const { seed } = settings;
  const features =
    settings.features ?? table.columns.map((column) => fitBins(column, settings.monotone?.[column.name]));
  const { data, columns, reference, logRate } = prepare(table, features, seed);
  const shapes = features.map((feature, place) => shapeOf(feature, columns[place] as Uint8Array));
  const blocks = features.flatMap((feature, place) =>
    blocksOf(feature, place, countsOf(data, place, feature)),
  );
  const tasks = Array.from({ length: settings.bags ?? BAGS }, (_, bag): MainsTask => ({
    kind: 'mains',
    data,
    shapes,
    seed,
    bag,
    blocks,
  }));
  const fitted = await fitMains(tasks, run);
  const best = bestCheckpoint(data, fitted);
  const left = outOfBag(data, fitted, best);
  const pairs = await findPairs({ data, shapes, seed }, left, settings.pairs ?? PAIRS, run);
  const bags = fitted.map((bag): Tables => ({
    intercept: bag.intercept,
    mains: tablesAt(bag, best),
    pairs: [],
  }));
  const complete = pairs.length === 0 ? bags : await addPairs(tasks, bags, pairs, run);
  const lies = referenceOf(columns, reference, shapes, pairs);
  for (const bag of complete) {
    bag.intercept += logRate;
    purify(bag, lies, shapes, pairs);
  }
  return assemble(features, shapes, pairs, complete);
}

/** Either all bags begin with smooth shapes or none does: what is smooth is learned better so, what has steps worse. */
async function fitMains(tasks: readonly MainsTask[], run: RunTasks): Promise<BagResult[]> {
  if (tasks[0]?.blocks.length === 0) return (await run(tasks)) as BagResult[];
  const plainTasks = tasks.map((task): MainsTask => ({ ...task, blocks: [] }));
  const tried = Math.min(TRIED, tasks.length);
  const trials = (await run([...tasks.slice(0, tried), ...plainTasks.slice(0, tried)])) as BagResult[];
  const [smooth, plain] = [trials.slice(0, tried), trials.slice(tried)];
  const isSmooth = lossOf(tasks, smooth) <= lossOf(tasks, plain);
  const rest = (await run((isSmooth ? tasks : plainTasks).slice(tried))) as BagResult[];
  return [...(isSmooth ? smooth : plain), ...rest];
}

/** Of the rows outside. */
function lossOf([task]: readonly MainsTask[], fitted: readonly BagResult[]): number {
  const { data } = task as MainsTask;
  return outOfBag(data, fitted, bestCheckpoint(data, fitted)).loss;
}

/** Rows by bin, by weight. */
function countsOf({ columns, weights }: EbmData, place: number, feature: EbmFeature): Float64Array {
  const counts = new Float64Array(binCount(feature));
  (columns[place] as Uint8Array).forEach((bin, row) => {
    counts[bin] = (counts[bin] as number) + (weights[row] as number);
  });
  return counts;
}

async function addPairs(
  tasks: readonly MainsTask[],
  bags: readonly Tables[],
  pairs: readonly Pair[],
  run: RunTasks,
): Promise<Tables[]> {
  const more = tasks.map(({ data, shapes, seed, bag }, place): PairsTask => {
    const { intercept, mains } = bags[place] as Tables;
    return { kind: 'pairs', data, shapes, seed, bag, intercept, mains, pairs };
  });
  const fitted = (await run(more)) as BagResult[];
  const best = bestCheckpoint((tasks[0] as MainsTask).data, fitted);
  return bags.map((bag, place) => ({ ...bag, pairs: tablesAt(fitted[place] as BagResult, best) }));
}

function shapeOf(feature: EbmFeature, column: Uint8Array): FeatureShape {
  const bins = binCount(feature);
  const counts = new Uint32Array(bins);
  for (const bin of column) counts[bin] = (counts[bin] as number) + 1;
  return {
    bins,
    isOrdered: feature.kind === 'numeric',
    monotone: feature.kind === 'numeric' ? feature.monotone : 0,
    coarse: fitCoarse(feature, counts),
  };
}
