import { fitLogistic } from '../logistic.js';
import { choosePenalties } from './choose-penalties.js';
import { randomFrom } from './random.js';
import { fitSmooth, type SmoothRows, tablesOf } from './smooth.js';

const BINS = 12;
/** A straight line over the bins, mean 0 and variance about 1. */
const LINE = Float64Array.from({ length: BINS }, (_, bin) => (bin - (BINS - 1) / 2) / 3.45);
const BEND = LINE.map((value) => Math.max(0, value) - 0.43);
const BLOCK = [LINE, BEND];

function simulate(count: number, features: number, law: (lines: number[]) => number, seed = 1): SmoothRows {
  const random = randomFrom(seed);
  const columns = Array.from({ length: features }, () =>
    Uint8Array.from({ length: count }, () => Math.floor(random() * BINS)),
  );
  const labels = Float64Array.from({ length: count }, (_, row) => {
    const logit = law(columns.map((column) => LINE[column[row] ?? 0] ?? 0));
    return random() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  });
  const weights = new Float64Array(count).fill(1);
  return { inside: count, labels, weights, logits: new Float64Array(count), columns };
}

describe(fitSmooth.name, () => {
  it('is the penalized logistic regression on the functions', () => {
    const rows = simulate(3_000, 2, ([a = 0, b = 0]) => -1 + a - 0.5 * b);
    const blocks = [0, 1].map((feature) => ({ feature, functions: BLOCK, penalty: 7 }));
    const design = Float64Array.from({ length: rows.labels.length * 4 }, (_, at) => {
      const [row, index] = [Math.floor(at / 4), at % 4];
      const bin = rows.columns[Math.floor(index / 2)]?.[row] ?? 0;
      return BLOCK[index % 2]?.[bin] ?? 0;
    });
    const wanted = fitLogistic({ labels: rows.labels, design, features: 4 }, { weights: 7, intercept: 0 });
    const sut = fitSmooth(rows, blocks, new Float64Array(5), 20);
    expect(sut?.weights[0]).toBeCloseTo(wanted.intercept, 4);
    wanted.weights.forEach((weight, index) => expect(sut?.weights[index + 1]).toBeCloseTo(weight, 4));
    const [a] = tablesOf(blocks, sut?.weights ?? new Float64Array(5), [BINS, BINS]);
    const [line = 0, bend = 0] = wanted.weights;
    a?.forEach((value, bin) =>
      expect(value).toBeCloseTo(line * (LINE[bin] ?? 0) + bend * (BEND[bin] ?? 0), 3),
    );
  });

  it('starts from the logits of the rows, reads only those inside, and weights them', () => {
    const rows = simulate(4_000, 1, ([a = 0]) => -1 + a);
    const blocks = [{ feature: 0, functions: [LINE], penalty: 1 }];
    const told = {
      ...rows,
      logits: Float64Array.from(rows.labels, (_, row) => -1 + (LINE[rows.columns[0]?.[row] ?? 0] ?? 0)),
    };
    const fit = (given: SmoothRows): number[] => [
      ...(fitSmooth(given, blocks, new Float64Array(2), 20)?.weights ?? []),
    ];
    for (const weight of fit(told)) expect(Math.abs(weight)).toBeLessThan(0.15);
    const half = { ...rows, inside: 2_000 };
    const without = { ...rows, weights: rows.weights.map((_, row) => (row < 2_000 ? 1 : 0)) };
    fit(half).forEach((weight, index) => expect(weight).toBeCloseTo(fit(without)[index] ?? 0, 9));
  });

  it('is null when the curvature is singular', () => {
    const rows = simulate(100, 1, () => 0);
    const twice = [{ feature: 0, functions: [LINE, LINE], penalty: 0 }];
    expect(fitSmooth(rows, twice, new Float64Array(3), 5)).toBeNull();
  });
});

describe(choosePenalties.name, () => {
  it('drops noise and shrinks the rest less the stronger it is', () => {
    const rows = simulate(20_000, 12, ([a = 0, b = 0]) => -2 + 1.2 * a + 0.3 * b);
    const blocks = rows.columns.map((_, feature) => ({ feature, functions: BLOCK }));
    const { kept, weights } = choosePenalties(rows, blocks);
    const features = kept.map(({ feature }) => feature);
    expect(features.slice(0, 2)).toEqual([0, 1]);
    expect(features.length).toBeLessThan(7);
    const [strong = 0, weak = 0] = kept.map(({ penalty }) => penalty);
    expect(strong).toBeLessThan(weak);
    expect(weights).toHaveLength(1 + 2 * kept.length);
    const [a] = tablesOf(
      kept,
      weights,
      rows.columns.map(() => BINS),
    );
    a?.forEach((value, bin) =>
      expect(Math.abs(value - 1.2 * (LINE[bin] ?? 0) - meanOf(a))).toBeLessThan(0.25),
    );
  });

  it('stays finite when the labels are separable', () => {
    const rows = simulate(500, 2, ([a = 0]) => (a > 0 ? 1e9 : -1e9));
    const { weights } = choosePenalties(
      rows,
      rows.columns.map((_, feature) => ({ feature, functions: BLOCK })),
    );
    weights.forEach((weight) => expect(Math.abs(weight)).toBeLessThan(30));
  });
});

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
