import { drawBag } from './bag.js';
import { boost } from './boost.js';
import { mainTerm } from './main-term.js';
import { pairCells, pairTerm } from './pair-term.js';
import { Sample } from './sample.js';
import { screenPairs } from './screen.js';
import { smoothShapes } from './smooth-shapes.js';
import type { BagResult, BagTask, FitResult, FitTask, MainsTask, PairsTask } from './task.js';

/** Runs one independent part of a fit. The same task gives the same result in any thread. */
export function runTask(task: FitTask): FitResult {
  return task.kind === 'screen' ? screenPairs(task) : fitBag(task);
}

export function fitBag(task: BagTask): BagResult {
  return task.kind === 'mains' ? fitMains(task) : fitPairs(task);
}

function fitMains({ data, shapes, seed, bag, blocks }: MainsTask): BagResult {
  const sample = new Sample(data, drawBag(data, seed, bag));
  const level = sample.fitIntercept();
  sample.shift(level);
  const columns = data.columns.map((column) => sample.gather(column));
  const terms = shapes.map((shape, index) => mainTerm(shape, columns[index] as Uint8Array));
  const start = smoothShapes(sample, columns, shapes, blocks);
  terms.forEach(({ cells }, index) => sample.add(cells, start[index] as Float64Array));
  const shift = sample.fitIntercept();
  sample.shift(shift);
  return { intercept: level + shift, judges: sample.judges, ...boost(sample, terms, start) };
}

function fitPairs({ data, shapes, seed, bag, intercept, mains, pairs }: PairsTask): BagResult {
  const sample = new Sample(data, drawBag(data, seed, bag));
  const inPairs = new Set(pairs.flat());
  sample.shift(intercept);
  const columns = data.columns.map((column, index) => {
    const gathered = sample.gather(column);
    sample.add(gathered, mains[index] as Float64Array);
    return inPairs.has(index) ? gathered : new Uint8Array(0);
  });
  const terms = pairs.map((pair) =>
    pairTerm(pair, shapes, pairCells(pair, shapes, columns, new Uint8Array(sample.size))),
  );
  return { intercept, judges: sample.judges, ...boost(sample, terms) };
}
