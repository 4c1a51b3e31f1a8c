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

/** The one-feature shapes of one bag, and how much each pair would add to them. */
export interface MainsTask {
  readonly kind: 'mains';
  readonly data: EbmData;
  readonly shapes: readonly FeatureShape[];
  readonly seed: number;
  readonly bag: number;
}

export interface MainsResult {
  readonly kind: 'mains';
  readonly intercept: number;
  /** By feature, by bin. */
  readonly tables: readonly Float64Array[];
  /**
   * By pair in the order (0, 1), (0, 2), … (1, 2), …: by how much log-loss per row falls out of bag when the pair is added as it was
   * fitted inside. Empty when the bag cannot tell.
   */
  readonly pairGains: Float64Array;
}

/** The pairs of one bag, on top of its shapes. */
export interface PairsTask {
  readonly kind: 'pairs';
  readonly data: EbmData;
  readonly shapes: readonly FeatureShape[];
  readonly seed: number;
  readonly bag: number;
  readonly mains: MainsResult;
  readonly pairs: readonly Pair[];
}

export interface PairsResult {
  readonly kind: 'pairs';
  /** By pair: coarse bins of the first × coarse bins of the second, row by row. */
  readonly tables: readonly Float64Array[];
}

export type BagTask = MainsTask | PairsTask;
export type BagResult = MainsResult | PairsResult;
