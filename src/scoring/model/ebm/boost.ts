import type { Sample } from './sample.js';
import type { Term } from './terms.js';

export interface BoostSettings {
  readonly learningRate: number;
  readonly maxRounds: number;
  /** Rounds without a lower loss out of bag after which it stops. */
  readonly patience: number;
}
/** A fall of the loss that counts, per row. */
const TOLERANCE = 1e-6;

/**
 * Cyclic boosting: each round lets every term in turn take a small step. Gives the tables of the round with the lowest loss out of bag, by
 * term, and leaves the sample's logits as they are with these.
 */
export function boost(sample: Sample, terms: readonly Term[], settings: BoostSettings): Float64Array[] {
  const tables = terms.map(({ size }) => new Float64Array(size));
  if (terms.length === 0 || !sample.canBoost) return tables;
  const begin = sample.logits.slice();
  let best = tables.map((table) => table.slice());
  let lowest = sample.outsideLoss();
  let since = 0;
  for (let round = 0; round < settings.maxRounds && since < settings.patience; round++) {
    runRound(sample, terms, tables, settings.learningRate);
    const loss = sample.outsideLoss();
    if (loss < lowest - TOLERANCE) {
      lowest = loss;
      best = tables.map((table) => table.slice());
      since = 0;
    } else since++;
  }
  sample.logits.set(begin);
  terms.forEach(({ cells }, place) => sample.add(cells, best[place] as Float64Array));
  return best;
}

function runRound(
  sample: Sample,
  terms: readonly Term[],
  tables: readonly Float64Array[],
  learningRate: number,
): void {
  let last = (terms[0] as Term).cells;
  let steps = new Float64Array((terms[0] as Term).size);
  terms.forEach((term, place) => {
    const sums = new Float64Array(2 * term.size);
    sample.advance(last, steps, term.cells, sums);
    last = term.cells;
    steps = new Float64Array(term.size);
    term.step(sums, steps);
    const table = tables[place] as Float64Array;
    for (let cell = 0; cell < term.size; cell++) {
      steps[cell] = learningRate * (steps[cell] as number);
      table[cell] = (table[cell] as number) + (steps[cell] as number);
    }
    sample.add(last, steps, sample.inside);
  });
  sample.add(last, steps, 0, sample.inside);
}
