import { thin } from './thin.js';

const labelsOf = (rows: number, positives: number) =>
  Uint8Array.from({ length: rows }, (_, row) => (row < positives ? 1 : 0));

describe(thin.name, () => {
  it('keeps all rows of a small table', () => {
    const { rows, logRate } = thin(labelsOf(200_000, 10), 1);
    expect(rows).toHaveLength(200_000);
    expect(logRate).toBe(0);
  });

  it('keeps all positives and returns the correction for the sampled negatives', () => {
    const labels = labelsOf(500_000, 50_000);
    const { rows, logRate } = thin(labels, 1);
    expect(rows.filter((row) => labels[row] === 1)).toHaveLength(50_000);
    expect(rows.length).toBeGreaterThan(198_000);
    expect(rows.length).toBeLessThan(202_000);
    expect(logRate).toBeCloseTo(Math.log(150_000 / 450_000), 10);
  });

  it('keeps equal numbers of both when both are many', () => {
    const labels = labelsOf(600_000, 400_000);
    const { rows, logRate } = thin(labels, 1);
    expect(rows.filter((row) => labels[row] === 1).length / rows.length).toBeCloseTo(0.5, 1);
    expect(logRate).toBeCloseTo(Math.log(0.5 / 0.25), 10);
  });
});
