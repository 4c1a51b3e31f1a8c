import { randomFrom } from './random.js';
import type { EbmData } from './task.js';

/** Rows of one bag at most: beyond it negatives are sampled. */
const MAX_ROWS = 200_000;
const DRAWS = 20;

/** A bootstrap of groups. The rows of groups that were not drawn ("out of bag") say when to stop. */
export interface Bag {
  /** Rows inside, then rows outside. */
  readonly rows: Int32Array;
  readonly inside: number;
  /** Weight of each of `rows`: of those inside times how often its group was drawn. */
  readonly weights: Float64Array;
  /** What the sampling of negatives has added to every logit; to be added to the intercept. Never above 0. */
  readonly logRate: number;
}

/**
 * The bag of this number, always the same for a seed. It has both labels inside wherever a few draws can give that. Of more than 200,000
 * rows all positives are kept and a sample of the negatives (of more than 100,000 positives a sample too).
 */
export function drawBag(data: EbmData, seed: number, bag: number): Bag {
  const random = randomFrom(seed, bag, 1);
  const rates = samplingRates(data.labels);
  const kept = sampleRows(data.labels, rates, random);
  let draws = drawGroups(data.groupCount, random);
  for (let more = 1; more < DRAWS && !hasBothLabels(data, kept, draws); more++)
    draws = drawGroups(data.groupCount, random);
  const rows = new Int32Array(kept.length);
  const weights = new Float64Array(kept.length);
  let inside = 0;
  for (const row of kept) if ((draws[data.groups[row] ?? 0] ?? 0) > 0) rows[inside++] = row;
  let at = inside;
  for (const row of kept) if ((draws[data.groups[row] ?? 0] ?? 0) === 0) rows[at++] = row;
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] ?? 0;
    const times = place < inside ? (draws[data.groups[row] ?? 0] ?? 0) : 1;
    weights[place] = times * (data.weights[row] ?? 0);
  }
  return { rows, inside, weights, logRate: Math.log(rates.negative / rates.positive) };
}

interface Rates {
  readonly positive: number;
  readonly negative: number;
}

function samplingRates(labels: Uint8Array): Rates {
  let positives = 0;
  for (const label of labels) positives += label;
  const negatives = labels.length - positives;
  if (labels.length <= MAX_ROWS) return { positive: 1, negative: 1 };
  const keptPositives = Math.min(positives, Math.max(MAX_ROWS / 2, MAX_ROWS - negatives));
  const keptNegatives = Math.min(negatives, MAX_ROWS - keptPositives);
  const rate = (kept: number, of: number): number => (of > 0 ? kept / of : 1);
  return { positive: rate(keptPositives, positives), negative: rate(keptNegatives, negatives) };
}

function sampleRows(labels: Uint8Array, { positive, negative }: Rates, random: () => number): Int32Array {
  if (positive === 1 && negative === 1) return Int32Array.from(labels, (_, row) => row);
  const rows: number[] = [];
  for (let row = 0; row < labels.length; row++) {
    const rate = labels[row] === 1 ? positive : negative;
    if (rate === 1 || random() < rate) rows.push(row);
  }
  return Int32Array.from(rows);
}

function drawGroups(count: number, random: () => number): Uint16Array {
  const draws = new Uint16Array(count);
  for (let draw = 0; draw < count; draw++) {
    const group = Math.floor(random() * count);
    draws[group] = (draws[group] ?? 0) + 1;
  }
  return draws;
}

function hasBothLabels({ labels, groups }: EbmData, rows: Int32Array, draws: Uint16Array): boolean {
  const seen = [false, false];
  for (const row of rows) {
    if ((draws[groups[row] ?? 0] ?? 0) > 0) seen[labels[row] ?? 0] = true;
    if (seen[0] && seen[1]) return true;
  }
  return false;
}
