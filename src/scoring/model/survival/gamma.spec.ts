import fc from 'fast-check';
import { lnBeta, lnGamma, lnGammaRise } from './gamma.js';

describe(lnGamma.name, () => {
  it.each([
    [1, 0],
    [2, 0],
    [0.5, Math.log(Math.PI) / 2],
    [1.5, Math.log(Math.PI) / 2 - Math.LN2],
    [10, Math.log(362_880)],
    [101, 363.73937555556349],
    [1e-8, 18.420680738180209],
  ])('of %d is %d', (x, expected) => expect(lnGamma(x)).toBeCloseTo(expected, 12));

  it('increases by ln x from x to x + 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), (x) => {
        const size = Math.max(1, Math.abs(lnGamma(x)));
        expect(Math.abs(lnGamma(x + 1) - lnGamma(x) - Math.log(x))).toBeLessThan(1e-12 * size);
      }),
    );
  });
});

describe(lnGammaRise.name, () => {
  it('is the sum of the logarithms in between to 1e-12, even for the largest x', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        fc.integer({ min: 0, max: 60 }),
        (x, rise) => {
          let sum = 0;
          let size = 1;
          for (let passed = 0; passed < rise; passed++) {
            sum += Math.log(x + passed);
            size += Math.abs(Math.log(x + passed));
          }
          expect(Math.abs(lnGammaRise(x, rise) - sum)).toBeLessThan(1e-12 * size);
        },
      ),
    );
  });

  it('agrees with the difference for fractional steps', () =>
    expect(lnGammaRise(0.3, 7.25)).toBeCloseTo(lnGamma(7.55) - lnGamma(0.3), 12));
});

describe(lnBeta.name, () => {
  it.each([
    [1, 1, 0],
    [0.5, 0.5, Math.log(Math.PI)],
    [2, 3, -Math.log(12)],
    [1, 1e12, -Math.log(1e12)],
    [30, 40, -48.30174909591612],
  ])('of %d and %d is %d', (a, b, expected) => expect(lnBeta(a, b)).toBeCloseTo(expected, 12));
});
