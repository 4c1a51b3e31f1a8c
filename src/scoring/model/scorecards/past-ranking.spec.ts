import { randomFrom } from '../ebm/random.js';
import { auc, liftAt } from '../metrics.js';
import { aucOf, clusteredError, weightedLift } from './past-ranking.js';

/** Ties are many. */
function drawn(rows: number, seed: number) {
  const random = randomFrom(seed);
  const left = Array.from({ length: rows }, () => (random() < 0.2 ? 1 : 0));
  const risk = left.map((one) => Math.floor(8 * random()) + 2 * one);
  return { left, risk, weight: left.map(() => 1) };
}

describe(aucOf.name, () => {
  it('equals the unweighted AUC when all weights are equal', () => {
    const rows = drawn(300, 1);
    const made = aucOf(rows);
    expect(made.auc).toBeCloseTo(auc(rows.left, rows.risk), 12);
    expect(made.influence.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 12);
  });

  it('treats a row of weight 3 as three rows', () => {
    const rows = drawn(100, 2);
    const weight = rows.left.map((_, row) => (row % 2 ? 3 : 1));
    const thrice = <T>(values: readonly T[]): T[] =>
      values.flatMap((value, row) => (row % 2 ? [value, value, value] : [value]));
    expect(aucOf({ ...rows, weight }).auc).toBeCloseTo(auc(thrice(rows.left), thrice(rows.risk)), 12);
    expect(weightedLift({ ...rows, weight }, 0.1)).toBeCloseTo(
      liftAt(thrice(rows.left), thrice(rows.risk), 0.1),
      12,
    );
  });

  it('is 1 for a perfect ranking and one half for none', () => {
    expect(aucOf({ left: [0, 0, 1], risk: [1, 2, 3], weight: [1, 1, 1] }).auc).toBe(1);
    expect(aucOf({ left: [0, 0, 1], risk: [1, 1, 1], weight: [1, 1, 1] }).auc).toBe(0.5);
  });
});

describe(clusteredError.name, () => {
  const spread = (values: readonly number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  };

  it('matches the spread of the AUC between samples', () => {
    const samples = Array.from({ length: 400 }, (_, seed) => aucOf(drawn(300, seed)));
    const told = samples.map(({ influence }) => clusteredError(Array.from(influence.keys()), influence));
    const mean = told.reduce((sum, one) => sum + one, 0) / told.length;
    expect(mean / spread(samples.map((one) => one.auc))).toBeCloseTo(1, 0.7);
  });

  it('does not shrink when every account is repeated', () => {
    const { influence } = aucOf(drawn(200, 3));
    const accounts = Array.from(influence.keys());
    const once = clusteredError(accounts, influence);
    const twice = clusteredError(
      [...accounts, ...accounts],
      Float64Array.of(...influence, ...influence).map((one) => one / 2),
    );
    expect(twice).toBeCloseTo(once, 12);
  });

  it('is finite for a single account', () =>
    expect(clusteredError([7, 7], Float64Array.of(0.5, -0.5))).toBe(0));
});

describe(weightedLift.name, () => {
  it('breaks ties at random', () =>
    expect(weightedLift({ left: [1, 0, 0, 0], risk: [1, 1, 1, 1], weight: [1, 1, 1, 1] }, 0.5)).toBe(1));

  it('is the maximum when churned accounts come first', () =>
    expect(weightedLift({ left: [1, 0, 0, 0], risk: [4, 3, 2, 1], weight: [1, 1, 1, 1] }, 0.25)).toBe(4));
});
