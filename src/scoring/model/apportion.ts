/**
 * Rounds `parts` to whole numbers that add up to `total`, each within 1 of its part when `total` is the rounded sum of the
 * parts (largest remainder, Hamilton's method; of equal remainders the earlier part goes first).
 */
export function apportion(parts: readonly number[], total: number): number[] {
  const whole = parts.map(Math.floor);
  let left = total - whole.reduce((sum, part) => sum + part, 0);
  if (left < 0 || left > parts.length) throw new RangeError('the total is not the sum of the parts');
  const order = parts
    .map((part, index) => ({ index, remainder: part - Math.floor(part) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of order) {
    if (left === 0) break;
    whole[index] = (whole[index] ?? 0) + 1;
    left--;
  }
  return whole;
}
