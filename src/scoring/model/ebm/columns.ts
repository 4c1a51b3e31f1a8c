/** A raw feature of all rows. NaN or null is unknown. */
export type RawColumn =
  | { readonly name: string; readonly kind: 'numeric'; readonly values: ArrayLike<number> }
  | { readonly name: string; readonly kind: 'category'; readonly values: ArrayLike<string | null> };

/** +1: more of it never lowers the risk; −1: never raises it; 0: free. */
export type Monotone = -1 | 0 | 1;

/**
 * How a feature is binned. Bin 0 is "missing"; a number has the bins 1 to cuts + 1, bin b holding cuts[b − 2] ≤ x < cuts[b − 1]; a
 * category has its index + 1, and the last bin is for values not seen (or too rare) in training.
 */
export type EbmFeature = NumericFeature | CategoryFeature;

export interface NumericFeature {
  readonly name: string;
  readonly kind: 'numeric';
  readonly cuts: readonly number[];
  readonly monotone: Monotone;
}

export interface CategoryFeature {
  readonly name: string;
  readonly kind: 'category';
  readonly categories: readonly string[];
}

export const MISSING = 0;

export function binCount(feature: EbmFeature): number {
  return feature.kind === 'numeric' ? feature.cuts.length + 2 : feature.categories.length + 2;
}

/** The bin of values not seen in training; null for numbers. */
export function unseenBin(feature: EbmFeature): number | null {
  return feature.kind === 'category' ? feature.categories.length + 1 : null;
}
