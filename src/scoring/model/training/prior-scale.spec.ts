import { randomFrom } from '../ebm/random.js';
import { probabilityOf } from '../logit.js';
import { fitScale } from './prior-scale.js';

const PRIOR = { mean: 0.35, sd: 0.175 };

function dataOf(rows: number, law: (x: number) => number, weight = 1) {
  const random = randomFrom(7);
  const x = Float64Array.from({ length: rows }, () => 6 * random() - 3);
  const labels = Int8Array.from(x, (one) => (random() < probabilityOf(law(one)) ? 1 : 0));
  return { x, labels, rows: Int32Array.from(x.keys()), weight };
}

/** The first rows so labelled, whatever their x. */
function withHappened(rows: number, happened: number) {
  const data = dataOf(rows, () => -50);
  return { ...data, labels: data.labels.map((_, row) => (row < happened ? 1 : 0)) };
}

describe(fitScale.name, () => {
  it('keeps the prior scale without outcomes, with a base rate of 1 in 20', () => {
    const sut = fitScale(withHappened(80, 0), PRIOR);
    expect(sut.scale).toBe(0.35);
    expect(sut.rate).toBeCloseTo(1 / 100, 12);
  });

  it.each([
    [1, 0.1],
    [5, 0.175],
  ])('moves a little with %i outcomes', (happened, most) => {
    const { scale } = fitScale(withHappened(300, happened), PRIOR);
    expect(scale).not.toBe(0.35);
    expect(Math.abs(scale - 0.35)).toBeLessThan(most);
  });

  it.each([0.1, 0.6, 1.2])('converges to the true %d with many outcomes', (truth) => {
    const { scale, base } = fitScale(
      dataOf(60_000, (x) => -2 + truth * x),
      PRIOR,
    );
    expect(scale).toBeCloseTo(truth, 1);
    expect(base).toBeCloseTo(-2, 1);
  });

  it('is never below 0', () => {
    expect(
      fitScale(
        dataOf(20_000, (x) => -2 - x),
        PRIOR,
      ).scale,
    ).toBeCloseTo(0, 5);
  });

  it('has a mean probability of (happened + 1) / (windows + 20), with rows weighted by a third', () => {
    const data = dataOf(900, (x) => -1.5 + 0.4 * x, 1 / 3);
    const { scale, base, windows } = fitScale(data, PRIOR);
    const happened = data.labels.reduce((sum, label) => sum + label, 0) / 3;
    const mean = data.x.reduce((sum, x) => sum + probabilityOf(base + scale * x), 0) / 900;
    expect(windows).toBeCloseTo(300, 9);
    expect(mean).toBeCloseTo((happened + 1) / 320, 3);
  });

  it('is finite when all have the outcome, and without rows', () => {
    for (const rows of [0, 40])
      for (const value of Object.values(fitScale(withHappened(rows, rows), PRIOR)))
        expect(Number.isFinite(value)).toBe(true);
  });
});
