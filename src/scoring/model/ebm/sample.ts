import type { Bag } from './bag.js';
import { quickProbability } from './quick-probability.js';
import type { EbmData } from './task.js';

/** Keeps e^x finite and precise. */
const MAX_LOGIT = 30;
/** Maximum number of judges: in long tables every second, third, … row. Their logits are kept for many rounds. */
const JUDGES = 100_000;

/** The rows of a bag with their current logits. Rows 0 to inside − 1 are learned from, the rest are held out. */
export class Sample {
  readonly size: number;
  readonly inside: number;
  readonly logits: Float64Array;
  /** Held-out rows that the combined bags are judged by. */
  readonly judges: Int32Array;
  private readonly judgePlaces: Int32Array;
  private readonly rows: Int32Array;
  readonly labels: Float64Array;
  readonly weights: Float64Array;
  /** Weights that count each row once, however often its group was drawn. */
  readonly single: Float64Array;
  private readonly outsideWeight: number;

  constructor(data: EbmData, bag: Bag) {
    this.rows = bag.rows;
    this.size = bag.rows.length;
    this.inside = bag.inside;
    this.weights = bag.weights;
    this.single = Float64Array.from(bag.rows, (row) => data.weights[row] ?? 0);
    this.labels = Float64Array.from(bag.rows, (row) => data.labels[row] ?? 0);
    this.logits = Float64Array.from(bag.rows, (row) => data.offsets[row] ?? 0);
    const stride = Math.ceil(this.size / JUDGES);
    const indexes = Int32Array.from(bag.rows.keys()).subarray(bag.inside);
    this.judgePlaces = indexes.filter((index) => (bag.rows[index] as number) % stride === 0);
    this.judges = this.judgePlaces.map((index) => bag.rows[index] as number);
    this.outsideWeight = sum(bag.weights, bag.inside, this.size);
  }

  gather(column: Uint8Array): Uint8Array {
    return Uint8Array.from(this.rows, (row) => column[row] ?? 0);
  }

  /** Whether both labels occur inside and outside. Otherwise there is nothing to learn, or nothing to decide when to stop. */
  get canBoost(): boolean {
    const has = (label: number, from: number, to: number): boolean => {
      const at = this.labels.indexOf(label, from);
      return at >= 0 && at < to;
    };
    return [0, 1].every((label) => has(label, 0, this.inside) && has(label, this.inside, this.size));
  }

  /** The shift of all logits that makes the mean probability inside equal the observed rate, kept half a row away from 0 and 1. */
  fitIntercept(): number {
    const { labels, weights, logits, inside } = this;
    const total = sum(weights, 0, inside);
    let positives = 0;
    for (let row = 0; row < inside; row++) positives += (weights[row] ?? 0) * (labels[row] ?? 0);
    const half = total / (2 * Math.max(1, inside));
    const target = Math.min(Math.max(positives, half), total - half);
    if (total === 0) return 0;
    let low = -MAX_LOGIT;
    let high = MAX_LOGIT;
    // The mean rises with the shift: halving ends at 60 / 2^50.
    for (let step = 0; step < 50; step++) {
      const middle = (low + high) / 2;
      let expected = 0;
      for (let row = 0; row < inside; row++)
        expected += (weights[row] ?? 0) / (1 + Math.exp(-(logits[row] ?? 0) - middle));
      if (expected < target) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  shift(by: number): void {
    for (let row = 0; row < this.size; row++) this.logits[row] = (this.logits[row] ?? 0) + by;
  }

  add(cells: Uint8Array, table: Float64Array, from = 0, to = this.size): void {
    const { logits } = this;
    for (let row = from; row < to; row++) logits[row] = (logits[row] ?? 0) + (table[cells[row] ?? 0] ?? 0);
  }

  /**
   * Adds `steps` by the cells of `last` to the logits inside and, in the same pass, sums by `cells` into `into`: at 2c the gradient Σ w (y − p),
   * at 2c + 1 the curvature Σ w p (1 − p).
   */
  advance(last: Uint8Array, steps: Float64Array, cells: Uint8Array, into: Float64Array): void {
    const { logits, labels, weights, inside } = this;
    into.fill(0);
    for (let row = 0; row < inside; row++) {
      const logit = (logits[row] as number) + (steps[last[row] as number] as number);
      logits[row] = logit;
      const p = quickProbability(logit);
      const weight = weights[row] as number;
      const cell = 2 * (cells[row] as number);
      into[cell] = (into[cell] as number) + weight * ((labels[row] as number) - p);
      into[cell + 1] = (into[cell + 1] as number) + weight * p * (1 - p);
    }
  }

  /** The mean log-loss of the rows outside. */
  outsideLoss(): number {
    const { logits, labels, weights, inside, size } = this;
    let loss = 0;
    for (let row = inside; row < size; row++) {
      const signed = labels[row] === 1 ? -(logits[row] as number) : (logits[row] as number);
      loss +=
        (weights[row] as number) *
        (signed > 0 ? signed + Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)));
    }
    return loss / this.outsideWeight;
  }

  /** Logits of the judges, in their order. */
  judgedLogits(): Float32Array {
    return Float32Array.from(this.judgePlaces, (index) => this.logits[index] as number);
  }
}

function sum(values: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let at = from; at < to; at++) total += values[at] ?? 0;
  return total;
}
