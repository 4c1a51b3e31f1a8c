import type { Sample } from './sample.js';
import type { Term } from './terms.js';

export interface Boosted {
  /** By checkpoint, by term, by cell. */
  readonly tables: Float64Array[][];
  /** Logits of the judges, by checkpoint. */
  readonly judged: Float32Array[];
}

/** Small steps keep noise out; long tables have less of it and take larger steps: .04 up to 10,000 rows, .18 at 200,000. A judgment call. */
const LEARNING_RATE = 0.04;
const LARGE = 10_000;
/** Boosting of a bag stops after PATIENCE / rate rounds without a lower loss outside the bag, … */
const PATIENCE = 1.6;
/** … but not before this multiple of the best round: the mean of bags tolerates more fitting than each bag alone. */
const RUN_ON = 2;
/** Minimum improvement of the mean loss that counts. */
const TOLERANCE = 2e-6;
/** Bags of this many rows hold little noise, and the last improvements take the longest. They stop … */
const LONG = 50_000;
/** … when a quarter more rounds improve the loss by less than these shares of the loss and of the total improvement. On 900,000 rows this takes a quarter of the time and costs .0001 of log-loss. */
const SMALL_IN_LOSS = 0.001;
const SMALL_IN_GAIN = 0.01;
/** Before this round the improvement is too noisy to judge. */
const FIRST_ROUNDS = 8;

/** Rounds after which the tables are kept: 0, then each round, later every 25 % more rounds. */
export const CHECKPOINTS: readonly number[] = checkpoints(1_200);

function checkpoints(last: number): number[] {
  const rounds = [0];
  while ((rounds.at(-1) as number) < last)
    rounds.push(Math.max((rounds.at(-1) as number) + 1, Math.round(1.25 * (rounds.at(-1) as number))));
  return rounds;
}

/**
 * Cyclic boosting: in each round every term takes a small step in turn. Steps shrink with the term's gain relative to the best gain of the
 * previous round, so signal is learned before the noise of other features. Stops by the loss outside the bag.
 * `start`: by term, the table that the logits already include.
 */
export function boost(sample: Sample, terms: readonly Term[], start?: readonly Float64Array[]): Boosted {
  const tables = terms.map(({ size }, index) => start?.[index]?.slice() ?? new Float64Array(size));
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

/** `before`: the best gain of a term in the previous round. Returns the best gain of this round. */
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
  terms.forEach((term, index) => {
    const sums = new Float64Array(2 * term.size);
    sample.advance(last, steps, term.cells, sums);
    last = term.cells;
    steps = new Float64Array(term.size);
    const gained = term.step(sums, steps);
    const share = gained < before ? rate * (gained / before) : rate;
    most = Math.max(most, gained);
    const table = tables[index] as Float64Array;
    for (let cell = 0; cell < term.size; cell++) {
      steps[cell] = share * (steps[cell] as number);
      table[cell] = (table[cell] as number) + (steps[cell] as number);
    }
    sample.add(last, steps, sample.inside);
  });
  sample.add(last, steps, 0, sample.inside);
  return most;
}
