import type { CoarseMap } from './coarse.js';
import type { EbmFeature } from './columns.js';
import type { Pair } from './task.js';

/** Bag deviations are stored in units of 10⁻⁴ logits. */
export const SPREAD_SCALE = 10_000;

/**
 * A fitted explainable boosting machine (GA²M; Lou, Caruana et al. 2012, 2013): logit = intercept + offset + Σ mains + Σ pairs. Plain data.
 * Over the reference rows every main has the mean 0, and every pair the mean 0 along each row and each column ("purified"; Lengerich et al. 2020).
 */
export interface EbmModel {
  readonly features: readonly EbmFeature[];
  /** Coarse bins for pairs, by feature. */
  readonly coarse: readonly CoarseMap[];
  readonly intercept: number;
  /** By feature, by bin, in logits. */
  readonly mains: readonly (readonly number[])[];
  readonly pairs: readonly EbmPair[];
  /** Deviation of each bag from the mean, for the interval. */
  readonly bags: readonly BagDeviation[];
}

export interface EbmPair {
  /** Indexes of its two features. */
  readonly features: Pair;
  /** Coarse bins of the first × those of the second, row by row, in logits. */
  readonly table: readonly number[];
}

/** Laid out as in the model, in integer units of 10⁻⁴ logits. */
export interface BagDeviation {
  readonly intercept: number;
  readonly mains: readonly (readonly number[])[];
  readonly pairs: readonly (readonly number[])[];
}
