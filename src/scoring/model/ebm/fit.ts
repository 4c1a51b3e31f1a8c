import { assemble } from './assemble.js';
import { fitBins } from './binning.js';
import { blocksOf } from './blocks.js';
import { fitCoarse } from './coarse.js';
import { binCount, type EbmFeature, type Monotone } from './columns.js';
import { type EbmTable, prepare } from './data.js';
import { bestCheckpoint, outOfBag, tablesAt } from './ensemble.js';
import { runTask } from './fit-bag.js';
import { learnPairs } from './learn-pairs.js';
import type { EbmModel } from './model.js';
import { purify, referenceOf, type Tables } from './purify.js';
import type { BagResult, EbmData, FeatureShape, FitResult, FitTask, MainsTask } from './task.js';

export interface EbmSettings {
  readonly seed: number;
  /** By feature name; numbers only. */
  readonly monotone?: Readonly<Record<string, Monotone>>;
  /** At least 2 for an interval, 12 or more for a good one. */
  readonly bags?: number;
  /** Maximum; fewer if more do not improve the out-of-bag loss. Default: 100. */
  readonly pairs?: number;
  /** Bins of another model of the same columns; default: computed from the rows. */
  readonly features?: readonly EbmFeature[];
}

/** Runs independent tasks in any thread. Results are in the order of the tasks. */
export type RunTasks = (tasks: readonly FitTask[]) => Promise<FitResult[]>;

const BAGS = 14;
const MAX_PAIRS = 100;
/** Bags that try both starts. */
const TRIED = 3;

export const runHere: RunTasks = (tasks) => Promise.resolve(tasks).then((all) => all.map(runTask));

/**
 * Fits on all rows of the table. Deterministic for a seed, regardless of how the tasks are run.
 * @throws RangeError if columns and labels differ in length, or a label is neither 0 nor 1
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
  const shapes = features.map((feature, index) => shapeOf(feature, columns[index] as Uint8Array));
  const blocks = features.flatMap((feature, index) =>
    blocksOf(feature, index, countsOf(data, index, feature)),
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
  const mains = fitted.map((bag): Tables => ({
    intercept: bag.intercept,
    mains: tablesAt(bag, best),
    pairs: [],
  }));
  const left = outOfBag(data, fitted, best);
  const { pairs, bags } = await learnPairs({ tasks, bags: mains, left }, settings.pairs ?? MAX_PAIRS, run);
  const lies = referenceOf(columns, reference, shapes, pairs);
  for (const bag of bags) {
    bag.intercept += logRate;
    purify(bag, lies, shapes, pairs);
  }
  return assemble(features, shapes, pairs, bags);
}

/** Either all bags start from smooth shapes or none does, whichever is better out of bag: steps are learned better from an empty start. */
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

/** Out-of-bag loss at the best checkpoint. */
function lossOf([task]: readonly MainsTask[], fitted: readonly BagResult[]): number {
  const { data } = task as MainsTask;
  return outOfBag(data, fitted, bestCheckpoint(data, fitted)).loss;
}

/** Total weight of the rows in each bin. */
function countsOf({ columns, weights }: EbmData, index: number, feature: EbmFeature): Float64Array {
  const counts = new Float64Array(binCount(feature));
  (columns[index] as Uint8Array).forEach((bin, row) => {
    counts[bin] = (counts[bin] as number) + (weights[row] as number);
  });
  return counts;
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
