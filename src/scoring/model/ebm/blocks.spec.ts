import { blocksOf } from './blocks.js';
import type { EbmFeature } from './columns.js';

const number = (cuts: readonly number[]): EbmFeature => ({ name: 'x', kind: 'numeric', cuts, monotone: 0 });
const counted = (...counts: number[]): Float64Array => Float64Array.from(counts);

describe(blocksOf.name, () => {
  it('has a line and three hinges for a number, and a block for missing', () => {
    const cuts = Array.from({ length: 20 }, (_, index) => index + 0.5);
    const [missing, shape, ...more] = blocksOf(number(cuts), 4, new Float64Array(22).fill(5));
    expect(more).toEqual([]);
    // Not stretched by how few are missing: a single row would move itself by many logits.
    expect(missing).toEqual({ feature: 4, functions: [counted(1, ...new Array<number>(21).fill(0))] });
    expect([shape?.feature, shape?.functions.length]).toEqual([4, 4]);
    // Of each function: nothing while missing, a mean of 0 and a variance of 1 over the bins, straight but for its knot.
    for (const values of shape?.functions ?? []) {
      const known = values.subarray(1);
      expect(values[0]).toBe(0);
      expect(known.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
      expect(known.reduce((sum, value) => sum + value * value, 0) / known.length).toBeCloseTo(1, 9);
    }
    const bendsOf = (values: Float64Array): number =>
      [...values.subarray(2, -1)].filter((value, index) => {
        const [before = 0, after = 0] = [values[index + 1], values[index + 3]];
        return Math.abs(before + after - 2 * value) > 1e-9;
      }).length;
    expect(shape?.functions.map(bendsOf)).toEqual([0, 1, 1, 1]);
  });

  it('has no hinges for two values and no block for one', () => {
    expect(blocksOf(number([0.5]), 0, counted(0, 30, 10)).map(({ functions }) => functions.length)).toEqual([
      1,
    ]);
    expect(blocksOf(number([]), 0, counted(0, 40))).toEqual([]);
    expect(blocksOf(number([]), 0, counted(10, 30)).map(({ functions }) => functions.length)).toEqual([1]);
    expect(blocksOf(number([]), 0, counted(0, 0))).toEqual([]);
  });

  it('is flat beyond the range of most rows', () => {
    const cuts = [10, 20, 30, 40, 1_000_000];
    const [block] = blocksOf(number(cuts), 0, counted(0, 100, 100, 100, 100, 100, 1));
    for (const values of block?.functions ?? []) expect(values[6]).toBe(values[5]);
  });

  it('has an indicator for each category seen, including missing', () => {
    const feature: EbmFeature = { name: 'tier', kind: 'category', categories: ['a', 'b', 'c'] };
    const [block] = blocksOf(feature, 2, counted(3, 10, 0, 7, 0));
    expect(block).toEqual({
      feature: 2,
      functions: [counted(1, 0, 0, 0, 0), counted(0, 1, 0, 0, 0), counted(0, 0, 0, 1, 0)],
    });
    expect(blocksOf(feature, 2, counted(0, 10, 0, 0, 0))).toEqual([]);
    const many = { ...feature, categories: Array.from({ length: 250 }, (_, index) => `c${index}`) };
    expect(blocksOf(many, 2, new Float64Array(252).fill(1))[0]?.functions).toHaveLength(30);
  });
});
