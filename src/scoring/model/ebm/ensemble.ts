import type { BagResult, EbmData } from './task.js';

/** What the bags say together of the rows outside of them. */
export interface OutOfBag {
  /** Rows that at least one bag left outside. */
  readonly rows: Int32Array;
  /** Their logits: the mean over the bags that did. */
  readonly logits: Float64Array;
  /** The mean log-loss, by weight. */
  readonly loss: number;
}

/**
 * The checkpoint at which the bags together had the lowest log-loss on rows outside of them: one number of rounds for all, since the mean
 * of the bags is what is used. A bag that ended earlier stays as it ended.
 */
export function bestCheckpoint(data: EbmData, bags: readonly BagResult[]): number {
  const last = Math.max(...bags.map(({ tables }) => tables.length)) - 1;
  let best = 0;
  let lowest = Infinity;
  for (let checkpoint = 0; checkpoint <= last; checkpoint++) {
    const { loss } = outOfBag(data, bags, checkpoint);
    if (loss < lowest) [best, lowest] = [checkpoint, loss];
  }
  return best;
}

export function outOfBag(data: EbmData, bags: readonly BagResult[], checkpoint: number): OutOfBag {
  const sums = new Float64Array(data.labels.length);
  const counts = new Uint16Array(data.labels.length);
  for (const { judges, judged } of bags) {
    const logits = judged[Math.min(checkpoint, judged.length - 1)] as Float32Array;
    judges.forEach((row, at) => {
      sums[row] = (sums[row] as number) + (logits[at] as number);
      counts[row] = (counts[row] as number) + 1;
    });
  }
  const rows = Int32Array.from(counts.keys()).filter((row) => (counts[row] as number) > 0);
  const logits = Float64Array.from(rows, (row) => (sums[row] as number) / (counts[row] as number));
  let loss = 0;
  let total = 0;
  rows.forEach((row, at) => {
    const against = data.labels[row] === 1 ? -(logits[at] as number) : (logits[at] as number);
    loss += (data.weights[row] as number) * (Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against))));
    total += data.weights[row] as number;
  });
  return { rows, logits, loss: total > 0 ? loss / total : 0 };
}

/** The terms of a bag at a checkpoint, or as it ended before. */
export function tablesAt({ tables }: BagResult, checkpoint: number): readonly Float64Array[] {
  return tables[Math.min(checkpoint, tables.length - 1)] as readonly Float64Array[];
}
