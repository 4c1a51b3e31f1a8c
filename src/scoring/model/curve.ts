/** A point of a curve: feature value, score from 0 to 100. */
export type CurvePoint = readonly [value: number, score: number];

/** At least one point, with strictly ascending values. */
export type Curve = readonly CurvePoint[];

/** Score at `value`: linear between points, constant outside. Throws a RangeError on an empty curve. */
export function scoreAt(curve: Curve, value: number): number {
  let before = curve[0];
  if (before === undefined) throw new RangeError('A curve needs at least one point');
  if (value <= before[0]) return before[1];
  for (const corner of curve) {
    if (value <= corner[0]) {
      const share = (value - before[0]) / (corner[0] - before[0]);
      return before[1] + share * (corner[1] - before[1]);
    }
    before = corner;
  }
  return before[1];
}
