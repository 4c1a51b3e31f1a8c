import { choleskyInverseDiagonal, choleskySolve } from '../cholesky.js';
import type { Block } from './blocks.js';
import { quickProbability } from './quick-probability.js';

/** Rows to fit: the first `inside` rows of the arrays. */
export interface SmoothRows {
  readonly inside: number;
  readonly labels: Float64Array;
  readonly weights: Float64Array;
  /** Starting logits. */
  readonly logits: Float64Array;
  /** The bin of each row, by feature. */
  readonly columns: readonly Uint8Array[];
}

export interface PenalisedBlock extends Block {
  /** λ of ½ λ Σ β² over its functions: the precision of a normal prior around 0. */
  readonly penalty: number;
}

export interface SmoothFit {
  /** The intercept, then the β of each function in order. */
  readonly weights: Float64Array;
  /** Their variances, by the curvature before the last step. */
  readonly variances: Float64Array;
}

const SMALL_STEP = 1e-3;
const MIN_SHARE = 2 ** -12;

/**
 * Additive logistic regression on the blocks' functions by penalized maximum likelihood: at most `steps` steps of Newton's method, each
 * halved until the loss falls. Rows with the same bins of two features are counted together, so a step takes features² / 2 additions per
 * row. Null if the curvature is singular.
 */
export function fitSmooth(
  rows: SmoothRows,
  blocks: readonly PenalisedBlock[],
  start: Float64Array,
  steps: number,
): SmoothFit | null {
  const penalties = Float64Array.of(
    0,
    ...blocks.flatMap((block) => block.functions.map(() => block.penalty)),
  );
  let weights = start;
  let logits = logitsOf(rows, blocks, weights);
  let loss = lossOf(rows, logits) + penaltyOf(penalties, weights);
  for (let step = 1; ; step++) {
    const { gradient, curvature } = derivativesOf(rows, blocks, logits);
    const size = weights.length;
    for (let at = 0; at < size; at++) {
      gradient[at] = (gradient[at] as number) - (penalties[at] as number) * (weights[at] as number);
      curvature[at * size + at] = (curvature[at * size + at] as number) + (penalties[at] as number);
    }
    const move = choleskySolve(curvature, gradient);
    if (!move) return null;
    const from = weights;
    for (let share = 1; share >= MIN_SHARE; share /= 2) {
      const next = from.map((weight, at) => weight + share * (move[at] as number));
      const nextLogits = logitsOf(rows, blocks, next);
      const nextLoss = lossOf(rows, nextLogits) + penaltyOf(penalties, next);
      if (!(nextLoss <= loss)) continue;
      [weights, logits, loss] = [next, nextLogits, nextLoss];
      break;
    }
    const isSettled = weights.every((weight, at) => Math.abs(weight - (from[at] as number)) < SMALL_STEP);
    if (isSettled || step >= steps) {
      const variances = choleskyInverseDiagonal(curvature, size);
      return variances && { weights, variances };
    }
  }
}

/** What the fit adds to the logit by feature and bin, without the intercept. */
export function tablesOf(
  blocks: readonly Block[],
  weights: Float64Array,
  bins: readonly number[],
): Float64Array[] {
  const tables = bins.map((count) => new Float64Array(count));
  let at = 1;
  for (const { feature, functions } of blocks) {
    const table = tables[feature] as Float64Array;
    for (const values of functions) {
      const weight = weights[at++] as number;
      values.forEach((value, bin) => (table[bin] = (table[bin] as number) + weight * value));
    }
  }
  return tables;
}

function logitsOf({ inside, logits, columns }: SmoothRows, blocks: readonly Block[], weights: Float64Array) {
  const bins: number[] = columns.map(() => 0);
  for (const { feature, functions } of blocks) bins[feature] = functions[0]?.length ?? 0;
  const sums = new Float64Array(inside).fill(weights[0] as number);
  for (let row = 0; row < inside; row++) sums[row] = (sums[row] as number) + (logits[row] as number);
  tablesOf(blocks, weights, bins).forEach((table, feature) => {
    if (table.length === 0) return;
    const cells = columns[feature] as Uint8Array;
    for (let row = 0; row < inside; row++)
      sums[row] = (sums[row] as number) + (table[cells[row] as number] as number);
  });
  return sums;
}

function lossOf({ inside, labels, weights }: SmoothRows, logits: Float64Array): number {
  let loss = 0;
  for (let row = 0; row < inside; row++) {
    const against = labels[row] === 1 ? -(logits[row] as number) : (logits[row] as number);
    loss += (weights[row] as number) * (Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against))));
  }
  return loss;
}

function penaltyOf(penalties: Float64Array, weights: Float64Array): number {
  return weights.reduce((sum, weight, at) => sum + ((penalties[at] as number) / 2) * weight * weight, 0);
}

/** The functions of a feature over all its blocks, and the index of the first one among the weights. */
interface Side {
  readonly cells: Uint8Array;
  readonly bins: number;
  readonly functions: Float64Array[];
  readonly at: number;
}

/** Gradient of the log-likelihood, and the lower triangle of its negative Hessian. */
function derivativesOf(
  { inside, labels, weights, columns }: SmoothRows,
  blocks: readonly Block[],
  logits: Float64Array,
): { gradient: Float64Array; curvature: Float64Array } {
  const sides = sidesOf(blocks, columns);
  const size = 1 + sides.reduce((sum, { functions }) => sum + functions.length, 0);
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  const bends = new Float64Array(inside);
  const residuals = new Float64Array(inside);
  for (let row = 0; row < inside; row++) {
    const p = quickProbability(logits[row] as number);
    residuals[row] = (weights[row] as number) * ((labels[row] as number) - p);
    bends[row] = (weights[row] as number) * p * (1 - p);
    gradient[0] = (gradient[0] as number) + (residuals[row] as number);
    curvature[0] = (curvature[0] as number) + (bends[row] as number);
  }
  sides.forEach((side, index) => {
    const ofGradient = byBin(side, residuals);
    const ofCurvature = byBin(side, bends);
    side.functions.forEach((one, f) => {
      const at = side.at + f;
      gradient[at] = dot(one, ofGradient);
      const scaled = one.map((value, bin) => value * (ofCurvature[bin] as number));
      curvature[at * size] = scaled.reduce((sum, value) => sum + value, 0);
      for (let g = 0; g <= f; g++)
        curvature[at * size + side.at + g] = dot(scaled, side.functions[g] as Float64Array);
    });
    for (let before = 0; before < index; before++) {
      const other = sides[before] as Side;
      const together = byBins(side, other, bends);
      side.functions.forEach((one, f) => {
        const along = new Float64Array(other.bins);
        one.forEach((value, bin) => {
          const start = bin * other.bins;
          if (value !== 0)
            for (let b = 0; b < other.bins; b++)
              along[b] = (along[b] as number) + value * (together[start + b] as number);
        });
        other.functions.forEach((two, g) => {
          curvature[(side.at + f) * size + other.at + g] = dot(along, two);
        });
      });
    }
  });
  return { gradient, curvature };
}

function sidesOf(blocks: readonly Block[], columns: readonly Uint8Array[]): Side[] {
  const sides = new Map<number, Side>();
  let at = 1;
  for (const { feature, functions } of blocks) {
    const known = sides.get(feature);
    if (known) known.functions.push(...functions);
    else
      sides.set(feature, {
        cells: columns[feature] as Uint8Array,
        bins: functions[0]?.length ?? 0,
        functions: [...functions],
        at,
      });
    at += functions.length;
  }
  return [...sides.values()];
}

function byBin({ cells, bins }: Side, values: Float64Array): Float64Array {
  const sums = new Float64Array(bins);
  for (let row = 0; row < values.length; row++) {
    const cell = cells[row] as number;
    sums[cell] = (sums[cell] as number) + (values[row] as number);
  }
  return sums;
}

function byBins(one: Side, other: Side, values: Float64Array): Float64Array {
  const sums = new Float64Array(one.bins * other.bins);
  const { bins } = other;
  for (let row = 0; row < values.length; row++) {
    const cell = (one.cells[row] as number) * bins + (other.cells[row] as number);
    sums[cell] = (sums[cell] as number) + (values[row] as number);
  }
  return sums;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other[at] as number);
  return sum;
}
