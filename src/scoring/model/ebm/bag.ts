import { randomFrom } from './random.js';
import type { EbmData } from './task.js';

const DRAWS = 20;

/** A bootstrap of groups. The rows of groups that were not drawn ("out of bag") decide when boosting stops. */
export interface Bag {
  /** Rows inside, then rows outside. */
  readonly rows: Int32Array;
  readonly inside: number;
  /** Weight of each of `rows`; inside, multiplied by how often its group was drawn. */
  readonly weights: Float64Array;
}

/** The bag with this number, deterministic for a seed. It is redrawn a few times if needed to have both labels inside. */
export function drawBag(data: EbmData, seed: number, bag: number): Bag {
  const random = randomFrom(seed, bag, 1);
  let draws = drawGroups(data.groupCount, random);
  for (let more = 1; more < DRAWS && !hasBothLabels(data, draws); more++)
    draws = drawGroups(data.groupCount, random);
  const count = data.labels.length;
  const times = (row: number): number => draws[data.groups[row] as number] as number;
  const rows = new Int32Array(count);
  let inside = 0;
  for (let row = 0; row < count; row++) if (times(row) > 0) rows[inside++] = row;
  let at = inside;
  for (let row = 0; row < count; row++) if (times(row) === 0) rows[at++] = row;
  const weights = new Float64Array(count);
  rows.forEach((row, index) => {
    weights[index] = Math.max(1, times(row)) * (data.weights[row] as number);
  });
  return { rows, inside, weights };
}

function drawGroups(count: number, random: () => number): Uint16Array {
  const draws = new Uint16Array(count);
  for (let draw = 0; draw < count; draw++) {
    const group = Math.floor(random() * count);
    draws[group] = (draws[group] as number) + 1;
  }
  return draws;
}

function hasBothLabels({ labels, groups }: EbmData, draws: Uint16Array): boolean {
  const seen = [false, false];
  for (let row = 0; row < labels.length; row++) {
    if ((draws[groups[row] as number] as number) > 0) seen[labels[row] as number] = true;
    if (seen[0] && seen[1]) return true;
  }
  return false;
}
