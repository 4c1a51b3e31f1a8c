import type { EbmFeature } from './columns.js';
import { type BagDeviation, type EbmModel, SPREAD_SCALE } from './model.js';
import type { Tables } from './purify.js';
import type { FeatureShape, Pair } from './task.js';

/** Logits are rounded to 1 / KEPT. */
const KEPT = 1e8;

/** The mean of the bags, and how far each bag deviates from it. */
export function assemble(
  features: readonly EbmFeature[],
  shapes: readonly FeatureShape[],
  pairs: readonly Pair[],
  bags: readonly Tables[],
): EbmModel {
  const mean = (of: (bag: Tables) => number): number =>
    Math.round((KEPT * bags.reduce((sum, bag) => sum + of(bag), 0)) / bags.length) / KEPT + 0;
  const intercept = mean((bag) => bag.intercept);
  const mains = shapes.map(({ bins }, index) =>
    Array.from({ length: bins }, (_, bin) => mean((bag) => bag.mains[index]?.[bin] ?? 0)),
  );
  const tables = pairs.map((_, index) =>
    Array.from(bags[0]?.pairs[index] ?? [], (_cell, cell) => mean((bag) => bag.pairs[index]?.[cell] ?? 0)),
  );
  const off = (value: number, from: number): number => Math.round(SPREAD_SCALE * (value - from)) + 0;
  const offs = (values: Float64Array, from: readonly number[] = []): number[] =>
    Array.from(values, (value, at) => off(value, from[at] ?? 0));
  return {
    features,
    coarse: shapes.map(({ coarse }) => coarse),
    intercept,
    mains,
    pairs: pairs.map((pair, index) => ({ features: pair, table: tables[index] ?? [] })),
    bags: bags.map((bag): BagDeviation => ({
      intercept: off(bag.intercept, intercept),
      mains: bag.mains.map((table, index) => offs(table, mains[index])),
      pairs: bag.pairs.map((table, index) => offs(table, tables[index])),
    })),
  };
}
