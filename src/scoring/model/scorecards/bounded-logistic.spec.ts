import { randomFrom } from '../ebm/random.js';
import { fitLogistic } from '../logistic.js';
import { probabilityOf } from '../logit.js';
import { fitBounded } from './bounded-logistic.js';

function drawn(rows: number, slopes: readonly number[]) {
  const random = randomFrom(7);
  const design = Float64Array.from({ length: rows * slopes.length }, () => 2 * random() - 1);
  const labels = Array.from({ length: rows }, (_, row) => {
    const logit = slopes.reduce(
      (sum, slope, place) => sum + slope * (design[row * slopes.length + place] ?? 0),
      -1,
    );
    return random() < probabilityOf(logit) ? 1 : 0;
  });
  return { labels, design, features: slopes.length, weight: labels.map(() => 1) };
}

describe(fitBounded.name, () => {
  it('is the penalized regression when no bound is active', () => {
    const data = drawn(500, [1, 2]);
    const { weights } = fitLogistic(data, { weights: 4, intercept: 0 });
    const { slopes } = fitBounded(data, { mean: [0, 0], sd: 0.5 });
    slopes.forEach((slope, place) => expect(slope).toBeCloseTo(weights[place] ?? 0, 6));
  });

  it('clamps a negative slope to 0 and fits the others without it', () => {
    const data = drawn(500, [1.5, -2]);
    const { slopes } = fitBounded(data, { mean: [0, 0], sd: 100 });
    const first = data.design.filter((_, place) => place % 2 === 0);
    const alone = fitBounded({ ...data, design: first, features: 1 }, { mean: [0], sd: 100 });
    expect(slopes[1]).toBe(0);
    expect(slopes[0]).toBeCloseTo(alone.slopes[0] ?? 0, 6);
  });

  it('stays at a certain prior', () => {
    const { slopes } = fitBounded(drawn(100, [3]), { mean: [0.2], sd: 1e-4 });
    expect(slopes[0]).toBeCloseTo(0.2, 3);
  });

  it('is less certain with half of the rows', () => {
    const [all, half] = [800, 400].map((rows) => fitBounded(drawn(rows, [1]), { mean: [0], sd: 100 }));
    expect((half?.sd[0] ?? 0) / (all?.sd[0] ?? 1)).toBeCloseTo(Math.SQRT2, 0);
    expect(all?.sd[0]).toBeLessThan(half?.sd[0] ?? 0);
  });

  it('treats a row of weight 2 as two rows', () => {
    const data = drawn(200, [1, 0.5]);
    const prior = { mean: [0.1, 0.1], sd: 1 };
    const doubled = {
      ...data,
      labels: [...data.labels, ...data.labels],
      design: Float64Array.of(...data.design, ...data.design),
      weight: [...data.weight, ...data.weight],
    };
    const heavy = fitBounded({ ...data, weight: data.weight.map(() => 2) }, prior);
    fitBounded(doubled, prior).slopes.forEach((slope, place) =>
      expect(heavy.slopes[place]).toBeCloseTo(slope, 6),
    );
  });
});
