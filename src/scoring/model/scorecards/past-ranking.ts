/** Rows to rank; `weight` is how many rows each stands for. */
export interface Ranked {
  readonly left: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
  /** Higher is more at risk. */
  readonly risk: ArrayLike<number>;
}

export interface Auc {
  readonly auc: number;
  /** How much each row moves the AUC (DeLong's placements). They sum to 0; subtract those of two rankings to compare them. */
  readonly influence: Float64Array;
}

/** The probability that a churned account ranks above one that stayed; ties count half. NaN without both kinds. */
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

/** Standard error of a sum of influences, clustered by account (Obuchowski 1997). */
export function clusteredError(account: ArrayLike<number>, influence: Float64Array): number {
  const sums = new Map<number, number>();
  for (let row = 0; row < influence.length; row++) {
    const cluster = account[row] ?? 0;
    sums.set(cluster, (sums.get(cluster) ?? 0) + (influence[row] ?? 0));
  }
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  // A single account gives 0: its influences sum to 0.
  return Math.sqrt((squares * sums.size) / Math.max(1, sums.size - 1));
}

/** Churn rate among the `share` most at risk divided by the overall rate. Ties at the edge count in proportion. */
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

/** Groups of rows with equal risk, in order. */
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
