import { drawBag } from './bag.js';
import { boost } from './boost.js';
import { mainTerm } from './main-term.js';
import { pairCells, pairTerm } from './pair-term.js';
import { Sample } from './sample.js';
import { screenPairs } from './screen.js';
import type { BagResult, BagTask, MainsResult, MainsTask, PairsResult, PairsTask } from './task.js';

/** With it the best round comes after some tens to hundreds. */
const MAINS = { learningRate: 0.04, maxRounds: 1_000, patience: 40 };
const PAIRS = { learningRate: 0.04, maxRounds: 1_000, patience: 40 };

/** One independent task of a fit: the same task gives the same result, in whichever thread it runs. */
export function fitBag(task: BagTask): BagResult {
  return task.kind === 'mains' ? fitMains(task) : fitPairs(task);
}

function fitMains({ data, shapes, seed, bag }: MainsTask): MainsResult {
  const drawn = drawBag(data, seed, bag);
  const sample = new Sample(data, drawn);
  const columns = data.columns.map((column) => sample.gather(column));
  const intercept = sample.fitIntercept();
  sample.shift(intercept);
  const terms = shapes.map((shape, place) => mainTerm(shape, columns[place] as Uint8Array));
  const tables = boost(sample, terms, MAINS);
  const pairGains = screenPairs(sample, shapes, columns);
  return { kind: 'mains', intercept: intercept + drawn.logRate, tables, pairGains };
}

function fitPairs({ data, shapes, seed, bag, mains, pairs }: PairsTask): PairsResult {
  const drawn = drawBag(data, seed, bag);
  const sample = new Sample(data, drawn);
  const used = new Map(
    pairs.flat().map((place) => [place, sample.gather(data.columns[place] as Uint8Array)]),
  );
  sample.shift(mains.intercept - drawn.logRate);
  mains.tables.forEach((table, place) =>
    sample.add(used.get(place) ?? sample.gather(data.columns[place] as Uint8Array), table),
  );
  const columns = data.columns.map((_, place) => used.get(place) ?? new Uint8Array(0));
  const terms = pairs.map((pair) =>
    pairTerm(pair, shapes, pairCells(pair, shapes, columns, new Uint8Array(sample.size))),
  );
  return { kind: 'pairs', tables: boost(sample, terms, PAIRS) };
}
