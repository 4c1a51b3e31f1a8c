/**
 * Rounds `parts` to whole numbers that add up to `total`, each within 1 of its part when `total` is the rounded sum of the
 * parts (largest remainder, Hamilton's method; of equal remainders the earlier part goes first).
 */
export function apportion(parts: readonly number[], total: number): number[] {
  const whole = parts.map(Math.floor);
  const left = total - whole.reduce((sum, part) => sum + part, 0);
  if (left < 0 || left > parts.length) throw new RangeError('the total is not the sum of the parts');
  const remainders = parts.map((part) => part - Math.floor(part));
  // Looking for the largest again and again costs less than sorting the few that there are.
  for (let given = 0; given < left; given++) {
    let first = 0;
    for (let place = 1; place < remainders.length; place++)
      if ((remainders[place] as number) > (remainders[first] as number)) first = place;
    whole[first] = (whole[first] as number) + 1;
    remainders[first] = -1;
  }
  return whole;
}
