/** Newton steps are shrunk by this, in units of curvature (four to ten rows at usual rates have one); a judgement. */
export const RIDGE = 1;
/** Curvature that a leaf must have. */
export const MIN_CURVATURE = 3;

/** A part of the sum that is boosted: gives its next step by cell from the sums by cell. */
export interface Term {
  readonly cells: Uint8Array;
  readonly size: number;
  /** `sums` as Sample.advance gives them; writes an undamped Newton step for each cell. Gives about what it takes off the loss, doubled. */
  step(sums: Float64Array, steps: Float64Array): number;
}

export function newton(gradient: number, curvature: number): number {
  return gradient / (curvature + RIDGE);
}

/** What a Newton step takes off the loss, doubled. */
export function gain(gradient: number, curvature: number): number {
  return (gradient * gradient) / (curvature + RIDGE);
}
