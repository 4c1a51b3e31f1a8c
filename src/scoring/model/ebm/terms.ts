/** Shrinks Newton steps, in units of curvature (four to ten rows at usual rates have one); a judgment call. */
export const RIDGE = 1;
/** Minimum curvature of a leaf. */
export const MIN_CURVATURE = 3;

/** A boosted part of the sum: computes its next step by cell from the sums by cell. */
export interface Term {
  readonly cells: Uint8Array;
  readonly size: number;
  /** `sums`: see Sample.advance. Writes an undamped Newton step for each cell and returns about twice its loss reduction. */
  step(sums: Float64Array, steps: Float64Array): number;
}

export function newton(gradient: number, curvature: number): number {
  return gradient / (curvature + RIDGE);
}

/** Twice the loss reduction of a Newton step. */
export function gain(gradient: number, curvature: number): number {
  return (gradient * gradient) / (curvature + RIDGE);
}
