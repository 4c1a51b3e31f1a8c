/** A corner of a curve: value of the feature, score from 0 to 100. */
export type CurvePoint = readonly [value: number, score: number];

/** At least one corner, with values strictly rising. */
export type Curve = readonly CurvePoint[];

/** Score at `value`: straight lines between the corners, level outside of them. Throws a RangeError on a curve without corners. */
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
