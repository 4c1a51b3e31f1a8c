import { randomFrom } from '../scoring/model/ebm/random.js';

/** The fold of each row, 0 to folds − 1, stratified by label. */
export function stratifiedFolds(labels: Uint8Array, folds: number, seed: number): Int32Array {
  const random = randomFrom(seed);
  const foldOf = new Int32Array(labels.length);
  let next = 0;
  for (const label of [0, 1]) {
    const rows = [...labels.keys()].filter((row) => labels[row] === label);
    for (let last = rows.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [rows[last], rows[other]] = [rows[other] as number, rows[last] as number];
    }
    for (const row of rows) foldOf[row] = next++ % folds;
  }
  return foldOf;
}
