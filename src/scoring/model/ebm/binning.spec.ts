import fc from 'fast-check';
import { binColumn, fitBins } from './binning.js';
import { binCount } from './columns.js';

const numeric = (values: number[]) => ({ name: 'n', kind: 'numeric' as const, values });
const category = (values: (string | null)[]) => ({ name: 'c', kind: 'category' as const, values });
const bins = (train: number[], asked: number[]) =>
  Array.from(binColumn(fitBins(numeric(train)), numeric(asked)));

describe(fitBins.name, () => {
  it('gives each of a few distinct numbers its own bin, cut halfway', () => {
    expect(fitBins(numeric([3, 1, 1, 2, NaN]))).toMatchObject({ cuts: [1.5, 2.5] });
    expect(bins([3, 1, 1, 2], [1, 1.49, 1.5, 2, 99, -99, NaN, Infinity])).toEqual([1, 1, 2, 2, 3, 1, 0, 0]);
  });

  it('has at most 64 bins, ordered and none empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 500 }),
        (values) => {
          const feature = fitBins(numeric(values));
          expect(binCount(feature)).toBeLessThanOrEqual(64);
          const sorted = values.toSorted((a, b) => a - b);
          const found = Array.from(binColumn(feature, numeric(sorted)));
          expect(found).toEqual(found.toSorted((a, b) => a - b));
          if (values.length > 0) expect(new Set(found).size).toBe(binCount(feature) - 1);
        },
      ),
    );
  });

  it('fills bins about evenly, except for a number that many rows share', () => {
    const values = Array.from({ length: 6_300 }, (_, row) => (row < 3_000 ? 0 : row));
    const counts = new Map<number, number>();
    for (const bin of bins(values, values)) counts.set(bin, (counts.get(bin) ?? 0) + 1);
    expect(counts.get(1)).toBe(3_000);
    expect(counts.size).toBe(63);
    expect(Math.max(...[...counts].filter(([bin]) => bin > 1).map(([, count]) => count))).toBeLessThan(70);
  });

  it('separates categories from missing and unseen values', () => {
    const feature = fitBins(category(['b', 'a', 'b', null]));
    expect(feature).toMatchObject({ categories: ['b', 'a'] });
    expect(Array.from(binColumn(feature, category(['a', 'b', null, 'z'])))).toEqual([2, 1, 0, 3]);
  });

  it('treats the rarest of more than 253 categories as unseen', () => {
    const values = Array.from({ length: 600 }, (_, row) => `v${row % 300}`).concat('v299');
    const feature = fitBins(category(values));
    expect(binCount(feature)).toBe(255);
    expect(Array.from(binColumn(feature, category(['v299'])))).toEqual([1]);
    expect(new Set(binColumn(feature, category(values))).size).toBe(254);
  });
});

describe(binColumn.name, () => {
  it('rejects a column of another kind', () => {
    expect(() => binColumn(fitBins(numeric([1, 2])), category(['1']))).toThrow(RangeError);
  });
});
