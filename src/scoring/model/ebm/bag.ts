import { randomFrom } from './random.js';
import type { EbmData } from './task.js';

const DRAWS = 20;

/** A bootstrap of groups. The rows of groups that were not drawn ("out of bag") say when to stop. */
export interface Bag {
  /** Rows inside, then rows outside. */
  readonly rows: Int32Array;
  readonly inside: number;
  /** Weight of each of `rows`: of those inside times how often its group was drawn. */
  readonly weights: Float64Array;
}

/** The bag of this number, always the same for a seed. It has both labels inside wherever a few draws can give that. */
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
  rows.forEach((row, place) => {
    weights[place] = Math.max(1, times(row)) * (data.weights[row] as number);
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
