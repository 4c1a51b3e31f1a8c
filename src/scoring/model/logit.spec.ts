import fc from 'fast-check';
import { interceptFor, logitOf, probabilityOf } from './logit.js';

describe(interceptFor.name, () => {
  it('sets the mean probability to the target', () => {
    const offsets = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(offsets, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (all, target) => {
        const sut = interceptFor(all, target);
        const mean = all.reduce((sum, one) => sum + probabilityOf(sut + one), 0) / all.length;
        expect(mean).toBeCloseTo(target, 9);
      }),
    );
  });

  it('is the logit of the target without offsets', () =>
    expect(interceptFor([], 0.05)).toBeCloseTo(Math.log(0.05 / 0.95), 12));
});

describe(logitOf.name, () => {
  it.each([1e-9, 0.058808, 0.5, 1 - 1e-9])('is inverted by the probability at %d', (probability) =>
    expect(probabilityOf(logitOf(probability))).toBeCloseTo(probability, 12),
  );
});
