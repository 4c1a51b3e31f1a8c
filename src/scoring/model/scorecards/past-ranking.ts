/** Rows as they are ranked, with the row's weight: how many it stands for. */
export interface Ranked {
  readonly left: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
  /** The higher, the more at risk. */
  readonly risk: ArrayLike<number>;
}

export interface Auc {
  readonly auc: number;
  /** By how much each row moves it (DeLong's placements): they add up to 0, and differences of them are those of two rankings. */
  readonly influence: Float64Array;
}

/** The chance that one who left is ranked above one who stayed, a tie counting half. NaN when there are none of either. */
export function aucOf({ left, weight, risk }: Ranked): Auc {
  const order = byRisk(risk);
  const stayed = weightOf(order, weight, (row) => left[row] !== 1);
  const gone = weightOf(order, weight, (row) => left[row] === 1);
  const placement = new Float64Array(order.length);
  let stayedBelow = 0;
  let goneBelow = 0;
  let auc = 0;
  for (const tie of tiesOf(order, risk)) {
    const stayedHere = weightOf(tie, weight, (row) => left[row] !== 1);
    const goneHere = weightOf(tie, weight, (row) => left[row] === 1);
    for (const row of tie) {
      placement[row] =
        left[row] === 1 ? (stayedBelow + stayedHere / 2) / stayed : (gone - goneBelow - goneHere / 2) / gone;
    }
    auc += (goneHere * (stayedBelow + stayedHere / 2)) / stayed / gone;
    stayedBelow += stayedHere;
    goneBelow += goneHere;
  }
  const influence = placement.map(
    (place, row) => ((weight[row] ?? 0) * (place - auc)) / (left[row] === 1 ? gone : stayed),
  );
  return { auc, influence };
}

/** Standard error of a sum of influences whose rows of one account belong together (Obuchowski 1997). */
export function clusteredError(account: ArrayLike<number>, influence: Float64Array): number {
  const sums = new Map<number, number>();
  for (let row = 0; row < influence.length; row++) {
    const cluster = account[row] ?? 0;
    sums.set(cluster, (sums.get(cluster) ?? 0) + (influence[row] ?? 0));
  }
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  // Of one account alone nothing is told: its influences add up to 0.
  return Math.sqrt((squares * sums.size) / Math.max(1, sums.size - 1));
}

/** Share of those who left in the `share` most at risk by that in all; ties are drawn by lot. */
export function weightedLift({ left, weight, risk }: Ranked, share: number): number {
  const order = byRisk(risk).reverse();
  const all = weightOf(order, weight, () => true);
  const gone = weightOf(order, weight, (row) => left[row] === 1);
  let room = share * all;
  let caught = 0;
  for (const tie of tiesOf(order, risk)) {
    const here = weightOf(tie, weight, () => true);
    caught += weightOf(tie, weight, (row) => left[row] === 1) * Math.min(1, room / here);
    room -= here;
    if (room <= 0) break;
  }
  return caught / (share * gone);
}

function byRisk(risk: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: risk.length }, (_, row) => row).sort(
    (one, other) => (risk[one] ?? 0) - (risk[other] ?? 0) || one - other,
  );
}

/** Rows of equal risk, one after the other as they are ordered. */
function* tiesOf(order: Uint32Array, risk: ArrayLike<number>): Generator<Uint32Array> {
  let first = 0;
  for (let at = 1; at <= order.length; at++) {
    if (at < order.length && risk[order[at] ?? 0] === risk[order[first] ?? 0]) continue;
    yield order.subarray(first, at);
    first = at;
  }
}

function weightOf(rows: Uint32Array, weight: ArrayLike<number>, counts: (row: number) => boolean): number {
  let sum = 0;
  for (const row of rows) if (counts(row)) sum += weight[row] ?? 0;
  return sum;
}
