import type { Sample } from './sample.js';
import type { Term } from './terms.js';

export interface Boosted {
  /** By checkpoint, by term, by cell. */
  readonly tables: Float64Array[][];
  /** By checkpoint: logits of the judges. */
  readonly judged: Float32Array[];
}

/** Small steps keep noise out, of which there is less in more rows: .04 up to 10,000, .18 at 200,000. A judgement. */
const LEARNING_RATE = 0.04;
const LARGE = 10_000;
/** Rounds, at full steps, without a lower loss outside the bag after which a bag has seen enough, … */
const PATIENCE = 1.6;
/** … but at least this many times the rounds of the lowest: a mean of bags bears more fitting than each alone. */
const RUN_ON = 2;
/** A fall of the loss that counts, per row. */
const TOLERANCE = 2e-6;
/** In a bag of so many rows hardly anything is noise, and the last of it takes the longest: it ends … */
const LONG = 50_000;
/** … when a quarter more rounds took off less than these shares of the loss and of what all rounds have. On 900,000 rows, without a start: a quarter of the time for .0001 more. */
const SMALL_IN_LOSS = 0.001;
const SMALL_IN_GAIN = 0.01;
/** Before, steps are too few to tell. */
const FIRST_ROUNDS = 8;

/** Rounds after which the tables are kept: none, then every one, then each a quarter more than the last. */
export const CHECKPOINTS: readonly number[] = checkpoints(1_200);

function checkpoints(last: number): number[] {
  const rounds = [0];
  while ((rounds.at(-1) as number) < last)
    rounds.push(Math.max((rounds.at(-1) as number) + 1, Math.round(1.25 * (rounds.at(-1) as number))));
  return rounds;
}

/**
 * Cyclic boosting: each round lets every term in turn take a small step, the smaller the less it gains beside the term that gained most in
 * the round before: among many features those that say something are learned before the noise of the others. Ends when the rows outside
 * the bag have long told it to. `start`: by term, what is in the logits already.
 */
export function boost(sample: Sample, terms: readonly Term[], start?: readonly Float64Array[]): Boosted {
  const tables = terms.map(({ size }, place) => start?.[place]?.slice() ?? new Float64Array(size));
  const kept: Boosted = { tables: [], judged: [] };
  const keep = (): void => {
    kept.tables.push(tables.map((table) => table.slice()));
    kept.judged.push(sample.judgedLogits());
  };
  keep();
  if (terms.length === 0 || !sample.canBoost) return kept;
  const rate = LEARNING_RATE * Math.sqrt(Math.max(1, sample.size / LARGE));
  let lowest = sample.outsideLoss();
  let lowestAt = 0;
  const first = lowest;
  let lossKept = lowest;
  let most = 0;
  for (let round = 1; round <= (CHECKPOINTS.at(-1) as number); round++) {
    most = runRound(sample, terms, tables, rate, most);
    const loss = sample.outsideLoss();
    if (round === CHECKPOINTS[kept.tables.length]) {
      keep();
      if (sample.size >= LONG && round > FIRST_ROUNDS && isSmall(lossKept - loss, loss, first - loss)) break;
      lossKept = loss;
    }
    if (loss < lowest - TOLERANCE) {
      lowest = loss;
      lowestAt = round;
    } else if (round >= Math.max(RUN_ON * lowestAt, lowestAt + PATIENCE / rate)) break;
  }
  return kept;
}

function isSmall(change: number, loss: number, gained: number): boolean {
  return change < SMALL_IN_LOSS * loss && change < SMALL_IN_GAIN * gained;
}

/** `before`: the most that a term gained in the round before; gives that of this one. */
function runRound(
  sample: Sample,
  terms: readonly Term[],
  tables: readonly Float64Array[],
  rate: number,
  before: number,
): number {
  let most = 0;
  let last = (terms[0] as Term).cells;
  let steps = new Float64Array((terms[0] as Term).size);
  terms.forEach((term, place) => {
    const sums = new Float64Array(2 * term.size);
    sample.advance(last, steps, term.cells, sums);
    last = term.cells;
    steps = new Float64Array(term.size);
    const gained = term.step(sums, steps);
    const share = gained < before ? rate * (gained / before) : rate;
    most = Math.max(most, gained);
    const table = tables[place] as Float64Array;
    for (let cell = 0; cell < term.size; cell++) {
      steps[cell] = share * (steps[cell] as number);
      table[cell] = (table[cell] as number) + (steps[cell] as number);
    }
    sample.add(last, steps, sample.inside);
  });
  sample.add(last, steps, 0, sample.inside);
  return most;
}
