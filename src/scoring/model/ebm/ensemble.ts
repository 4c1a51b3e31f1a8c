import type { BagResult, EbmData } from './task.js';

/** The combined predictions of the bags for rows outside of them. */
export interface OutOfBag {
  /** Rows outside of at least one bag. */
  readonly rows: Int32Array;
  /** Their logits, averaged over the bags they are outside of. */
  readonly logits: Float64Array;
  /** The mean log-loss, by weight. */
  readonly loss: number;
}

/**
 * The checkpoint with the lowest out-of-bag log-loss of all bags combined. One number of rounds for all bags, because their mean is used.
 * A bag that stopped earlier keeps its last tables.
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
    loss += (data.weights[row] as number) * lossOf(data.labels[row] as number, logits[at] as number);
    total += data.weights[row] as number;
  });
  return { rows, logits, loss: total > 0 ? loss / total : 0 };
}

/** The tables of a bag at a checkpoint, or its last ones if it stopped before. */
export function tablesAt({ tables }: BagResult, checkpoint: number): readonly Float64Array[] {
  return tables[Math.min(checkpoint, tables.length - 1)] as readonly Float64Array[];
}

/** The change of the mean log-loss from one prediction of the same rows to another, with a standard error that is clustered by group. */
export function lossChange(
  { labels, weights, groups, groupCount }: EbmData,
  before: OutOfBag,
  after: OutOfBag,
): { mean: number; standardError: number } {
  const changes = new Float64Array(groupCount);
  const groupWeights = new Float64Array(groupCount);
  before.rows.forEach((row, at) => {
    const [label, weight, group] = [labels[row] as number, weights[row] as number, groups[row] as number];
    const change = lossOf(label, after.logits[at] as number) - lossOf(label, before.logits[at] as number);
    changes[group] = (changes[group] as number) + weight * change;
    groupWeights[group] = (groupWeights[group] as number) + weight;
  });
  const total = groupWeights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return { mean: 0, standardError: 0 };
  const mean = changes.reduce((sum, change) => sum + change, 0) / total;
  const squares = changes.reduce(
    (sum, change, group) => sum + (change - mean * (groupWeights[group] as number)) ** 2,
    0,
  );
  return { mean, standardError: Math.sqrt(squares) / total };
}

function lossOf(label: number, logit: number): number {
  const against = label === 1 ? -logit : logit;
  return Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
}
