import type { Block } from './blocks.js';
import type { CoarseMap } from './coarse.js';
import type { Monotone } from './columns.js';

/** Rows to learn from. The arrays may be shared memory, so worker threads read them without copying. */
export interface EbmData {
  /** The bin of each row, by feature. */
  readonly columns: readonly Uint8Array[];
  /** 0 or 1. */
  readonly labels: Uint8Array;
  /** Starting logit of each row, such as the scorecard's. */
  readonly offsets: Float64Array;
  /** Above 0. */
  readonly weights: Float64Array;
  /** 0 to groupCount − 1. Rows of a group (an account) are in a bag together or not at all. */
  readonly groups: Int32Array;
  readonly groupCount: number;
}

/** What boosting needs to know about a feature. */
export interface FeatureShape {
  readonly bins: number;
  /** Categories are not ordered and have a bin for unseen values. */
  readonly isOrdered: boolean;
  readonly monotone: Monotone;
  readonly coarse: CoarseMap;
}

/** Indexes of two features, the lower first. */
export type Pair = readonly [number, number];

interface BagOf<Kind> {
  readonly kind: Kind;
  readonly data: EbmData;
  readonly shapes: readonly FeatureShape[];
  readonly seed: number;
  readonly bag: number;
}

/** Fits the one-feature shapes of one bag: a smooth start, then boosting. */
export interface MainsTask extends BagOf<'mains'> {
  readonly blocks: readonly Block[];
}

/** Fits the pairs of one bag on top of its shapes. */
export interface PairsTask extends BagOf<'pairs'> {
  readonly intercept: number;
  /** By feature, by bin. */
  readonly mains: readonly Float64Array[];
  readonly pairs: readonly Pair[];
}

/** Measures what pairs explain beyond their features, on the residuals of all bags' shapes. */
export interface ScreenTask {
  readonly kind: 'screen';
  readonly data: EbmData;
  readonly shapes: readonly FeatureShape[];
  /** The screened rows; the next two arrays have an entry for each: weight × (y − p), and weight × p (1 − p). */
  readonly rows: Int32Array;
  readonly gradients: Float64Array;
  readonly curvatures: Float64Array;
  readonly pairs: readonly Pair[];
  readonly seed: number;
  /** Number of repetitions with random signs of the gradients per account, to measure chance. */
  readonly flips: number;
}

/** The course of a bag's boosting, at the rounds of `CHECKPOINTS` it reached. */
export interface BagResult {
  /** The shift that fits the mean probability in the bag; for pairs, the given one. */
  readonly intercept: number;
  /** By checkpoint, by term, by cell, in logits. */
  readonly tables: readonly (readonly Float64Array[])[];
  /** Rows outside the bag that the bags are judged by. */
  readonly judges: Int32Array;
  /** By checkpoint: the judges' logits. */
  readonly judged: readonly Float32Array[];
}

/** By pair of the task. */
export interface ScreenResult {
  readonly gains: Float64Array;
  /** Pairs × flips. */
  readonly chance: Float64Array;
}

export type BagTask = MainsTask | PairsTask;
export type FitTask = BagTask | ScreenTask;
export type FitResult = BagResult | ScreenResult;
