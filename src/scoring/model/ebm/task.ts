import type { Block } from './blocks.js';
import type { CoarseMap } from './coarse.js';
import type { Monotone } from './columns.js';

/** Rows to learn from. All arrays may lie in shared memory, so that worker threads read them without copies. */
export interface EbmData {
  /** By feature the bin of each row. */
  readonly columns: readonly Uint8Array[];
  /** 0 or 1. */
  readonly labels: Uint8Array;
  /** Logits that each row starts from, such as the scorecard's. */
  readonly offsets: Float64Array;
  /** Above 0. */
  readonly weights: Float64Array;
  /** 0 to groupCount − 1: rows of the same account are in the bag together or not at all. */
  readonly groups: Int32Array;
  readonly groupCount: number;
}

/** What the boosting needs to know of a feature. */
export interface FeatureShape {
  readonly bins: number;
  /** A category has no order, and a bin for what is not seen. */
  readonly isOrdered: boolean;
  readonly monotone: Monotone;
  readonly coarse: CoarseMap;
}

/** Two features, by place, the lower first. */
export type Pair = readonly [number, number];

interface BagOf<Kind> {
  readonly kind: Kind;
  readonly data: EbmData;
  readonly shapes: readonly FeatureShape[];
  readonly seed: number;
  readonly bag: number;
}

/** The one-feature shapes of one bag: smooth ones, then what boosting adds to them. */
export interface MainsTask extends BagOf<'mains'> {
  readonly blocks: readonly Block[];
}

/** The pairs of one bag, on top of its shapes. */
export interface PairsTask extends BagOf<'pairs'> {
  readonly intercept: number;
  /** By feature, by bin. */
  readonly mains: readonly Float64Array[];
  readonly pairs: readonly Pair[];
}

/** How far some pairs go beyond their features, in what the shapes of all bags left unsaid. */
export interface ScreenTask {
  readonly kind: 'screen';
  readonly data: EbmData;
  readonly shapes: readonly FeatureShape[];
  /** The rows that are looked at; the next two have an entry for each: weight × (y − p), and weight × p (1 − p). */
  readonly rows: Int32Array;
  readonly gradients: Float64Array;
  readonly curvatures: Float64Array;
  readonly pairs: readonly Pair[];
  readonly seed: number;
  /** How many times the same is asked of gradients whose signs are drawn, account by account: what chance gives. */
  readonly flips: number;
}

/** A bag's boosting as it went on, at the rounds of `CHECKPOINTS` that it came to. */
export interface BagResult {
  /** The shift that the mean probability in the bag asked for; of pairs the one they were given. */
  readonly intercept: number;
  /** By checkpoint, by term, by cell, in logits. */
  readonly tables: readonly (readonly Float64Array[])[];
  /** The rows outside the bag that are asked. */
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
