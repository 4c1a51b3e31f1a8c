import fc from 'fast-check';
import { differenceOf, wilsonInterval } from './proportions.js';

const proportion = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 400 }))
  .map(([count, total]) => ({ count: Math.min(count, total), total }));

describe(wilsonInterval.name, () => {
  it.each([
    [5, 60, 0.036120456601730744, 0.18068942018334413],
    [0, 40, 0, 0.08762160119728668],
    [24, 300, 0.05434685539514476, 0.11627324043347392],
  ])('of %d in %d is from %d to %d', (count, total, low, high) => {
    const sut = wilsonInterval({ count, total });
    expect(sut.low).toBeCloseTo(low, 12);
    expect(sut.high).toBeCloseTo(high, 12);
  });

  it('stays within 0 to 1 and mirrors for the complement', () => {
    fc.assert(
      fc.property(proportion, ({ count, total }) => {
        const sut = wilsonInterval({ count, total });
        const stayed = wilsonInterval({ count: total - count, total });
        expect(sut.low).toBeGreaterThanOrEqual(0);
        expect(sut.low).toBeLessThanOrEqual(count / total);
        expect(sut.high).toBeGreaterThanOrEqual(count / total);
        expect(sut.high).toBeCloseTo(1 - stayed.low, 12);
      }),
    );
  });

  it('is null for no accounts', () =>
    expect(wilsonInterval({ count: 0, total: 0 })).toEqual({ low: 0, high: 1 }));
});

describe(differenceOf.name, () => {
  it.each([
    [24, 300, 39, 300, -0.05, -0.09988235117399957, -0.000675017471482256],
    [5, 60, 12, 60, -0.11666666666666668, -0.24359243447378393, 0.010437779252971832],
    [0, 40, 4, 40, -0.1, -0.23051775227522303, 0.006433915415117286],
    [180, 2_000, 230, 2_000, -0.025, -0.043850734239689854, -0.006197680892605004],
  ])('of %d/%d and %d/%d is %d, from %d to %d', (count, total, others, otherTotal, difference, low, high) => {
    const sut = differenceOf({ count, total }, { count: others, total: otherTotal });
    expect(sut.difference).toBeCloseTo(difference, 12);
    expect(sut.low).toBeCloseTo(low, 12);
    expect(sut.high).toBeCloseTo(high, 12);
  });

  it('is antisymmetric in the groups, within −1 to 1', () => {
    fc.assert(
      fc.property(proportion, proportion, (one, other) => {
        const sut = differenceOf(one, other);
        expect(differenceOf(other, one).low).toBeCloseTo(-sut.high, 12);
        expect(sut.low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(sut.low).toBeLessThanOrEqual(sut.difference);
        expect(sut.high).toBeGreaterThanOrEqual(sut.difference);
      }),
    );
  });
});
