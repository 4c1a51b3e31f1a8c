import { binColumn, fitBins } from './binning.js';
import { fitCoarse } from './coarse.js';
import { binCount, type EbmFeature, type Monotone, type RawColumn } from './columns.js';
import { choosePairs } from './choose-pairs.js';
import { fitBag } from './fit-bag.js';
import { type BagDeviation, type EbmModel, SPREAD_SCALE } from './model.js';
import { purify, referenceOf, type Tables } from './purify.js';
import type {
  BagResult,
  BagTask,
  EbmData,
  FeatureShape,
  MainsResult,
  MainsTask,
  Pair,
  PairsResult,
} from './task.js';

export interface EbmTable {
  readonly columns: readonly RawColumn[];
  /** 0 or 1, a row each. */
  readonly labels: ArrayLike<number>;
  /** Logits that each row starts from; none: 0. */
  readonly offsets?: ArrayLike<number>;
  /** Above 0; none: 1. */
  readonly weights?: ArrayLike<number>;
  /** Whole numbers from 0: rows of the same account have the same. None: each row is one of its own. */
  readonly groups?: ArrayLike<number>;
  /** 0 or more: the rows whose mean contribution is 0. None: the weights. */
  readonly reference?: ArrayLike<number>;
}

export interface EbmSettings {
  readonly seed: number;
  /** By the feature's name; of numbers only. */
  readonly monotone?: Readonly<Record<string, Monotone>>;
  readonly bags?: number;
  /** At most; fewer when fewer help out of bag. */
  readonly pairs?: number;
}

/** Runs tasks that do not depend on each other, wherever; results in their order. */
export type RunTasks = (tasks: readonly BagTask[]) => Promise<BagResult[]>;

const BAGS = 14;
const PAIRS = 10;
/** Decimals of the tables that are kept. */
const KEPT = 1e8;

// eslint-disable-next-line @typescript-eslint/require-await -- threads answer later, this one at once
export const runHere: RunTasks = async (tasks) => tasks.map(fitBag);

/**
 * Fits on all rows of the table. Deterministic for a seed, however the tasks are run.
 * @throws RangeError when columns and labels differ in length, or a label is neither 0 nor 1
 */
export async function fitEbm(
  table: EbmTable,
  settings: EbmSettings,
  run: RunTasks = runHere,
): Promise<EbmModel> {
  const features = table.columns.map((column) => fitBins(column, settings.monotone?.[column.name]));
  const data = dataOf(table, features);
  const shapes = features.map((feature, place) => shapeOf(feature, data.columns[place] as Uint8Array));
  const tasks = Array.from({ length: settings.bags ?? BAGS }, (_, bag): MainsTask => ({
    kind: 'mains',
    data,
    shapes,
    seed: settings.seed,
    bag,
  }));
  const mains = (await run(tasks)) as MainsResult[];
  const pairs = choosePairs(
    mains.map(({ pairGains }) => pairGains),
    shapes.length,
    settings.pairs ?? PAIRS,
  );
  const ofPairs: PairsResult[] =
    pairs.length === 0
      ? tasks.map(() => ({ kind: 'pairs', tables: [] }))
      : ((await run(
          tasks.map((task, bag) => ({ ...task, kind: 'pairs', mains: mains[bag] as MainsResult, pairs })),
        )) as PairsResult[]);
  const reference = referenceOf(data, doubles(table.reference ?? data.weights), shapes, pairs);
  const bags = mains.map(({ intercept, tables }, bag): Tables => {
    const own = { intercept, mains: tables, pairs: ofPairs[bag]?.tables ?? [] };
    purify(own, reference, shapes, pairs);
    return own;
  });
  return modelOf(features, shapes, pairs, bags);
}

const doubles = (values: ArrayLike<number>): Float64Array => Float64Array.from(values);

/** In shared memory, so that worker threads read the same bytes. */
function dataOf(table: EbmTable, features: readonly EbmFeature[]): EbmData {
  const count = table.labels.length;
  if (table.columns.some(({ values }) => values.length !== count))
    throw new RangeError('every column must have as many rows as there are labels');
  const share = (values: ArrayLike<number> | undefined, otherwise: number): Float64Array => {
    const into = new Float64Array(new SharedArrayBuffer(8 * count));
    if (values) into.set(values);
    else into.fill(otherwise);
    return into;
  };
  const labels = new Uint8Array(new SharedArrayBuffer(count));
  for (let row = 0; row < count; row++) {
    const label = table.labels[row];
    if (label !== 0 && label !== 1) throw new RangeError('a label must be 0 or 1');
    labels[row] = label;
  }
  const groups = new Int32Array(new SharedArrayBuffer(4 * count));
  let groupCount = 0;
  for (let row = 0; row < count; row++) {
    groups[row] = table.groups?.[row] ?? row;
    groupCount = Math.max(groupCount, 1 + (groups[row] as number));
  }
  const columns = features.map((feature, place) =>
    binColumn(feature, table.columns[place] as RawColumn, new Uint8Array(new SharedArrayBuffer(count))),
  );
  const [offsets, weights] = [share(table.offsets, 0), share(table.weights, 1)];
  return { columns, labels, offsets, weights, groups, groupCount };
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

function modelOf(
  features: readonly EbmFeature[],
  shapes: readonly FeatureShape[],
  pairs: readonly Pair[],
  bags: readonly Tables[],
): EbmModel {
  const mean = (of: (bag: Tables) => number): number =>
    Math.round((KEPT * bags.reduce((sum, bag) => sum + of(bag), 0)) / bags.length) / KEPT + 0;
  const intercept = mean((bag) => bag.intercept);
  const mains = shapes.map(({ bins }, place) =>
    Array.from({ length: bins }, (_, bin) => mean((bag) => bag.mains[place]?.[bin] ?? 0)),
  );
  const tables = pairs.map((_, place) =>
    Array.from(bags[0]?.pairs[place] ?? [], (_cell, cell) => mean((bag) => bag.pairs[place]?.[cell] ?? 0)),
  );
  const off = (value: number, from: number): number => Math.round(SPREAD_SCALE * (value - from)) + 0;
  const offs = (values: Float64Array, from: readonly number[] = []): number[] =>
    Array.from(values, (value, at) => off(value, from[at] ?? 0));
  return {
    features,
    coarse: shapes.map(({ coarse }) => coarse),
    intercept,
    mains,
    pairs: pairs.map((pair, place) => ({ features: pair, table: tables[place] ?? [] })),
    bags: bags.map((bag): BagDeviation => ({
      intercept: off(bag.intercept, intercept),
      mains: bag.mains.map((table, place) => offs(table, mains[place])),
      pairs: bag.pairs.map((table, place) => offs(table, tables[place])),
    })),
  };
}
