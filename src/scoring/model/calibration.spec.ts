import fc from 'fast-check';
import { calibrated, fitCalibration, isotonicOf } from './calibration.js';
import { logitOf, probabilityOf } from './logit.js';

/** `count` accounts of which each has left whose place falls below its probability: no chance in it. */
function windowOf(count: number, truth: (logit: number) => number): { labels: number[]; logits: number[] } {
  const logits = Array.from({ length: count }, (_, row) => -5 + (4 * (row % 50)) / 50);
  const labels = logits.map((logit, row) => {
    const place = (Math.floor(row / 50) + 0.5) / (count / 50);
    return place < probabilityOf(truth(logit)) ? 1 : 0;
  });
  return { labels, logits };
}

describe(fitCalibration.name, () => {
  it('is the posterior mode of the shift below 200 churns, leaving the slope at 1', () => {
    const { labels, logits } = windowOf(1_000, (logit) => logit + 0.5);
    const churned = labels.filter((label) => label === 1).length;
    expect(churned).toBeLessThan(200);
    const sut = fitCalibration(labels, logits);
    expect(sut.slope).toBe(1);
    const expected = logits.reduce((sum, logit) => sum + probabilityOf(logit + sut.shift), 0);
    expect(churned - expected).toBeCloseTo(sut.shift / 0.3 ** 2, 6);
  });

  it('hardly moves for few accounts and not at all for none', () => {
    expect(Math.abs(fitCalibration([1, 1], [-3, -3]).shift)).toBeLessThan(0.2);
    expect(fitCalibration([], [])).toEqual({ shift: 0, slope: 1, centre: 0 });
  });

  it('recovers the true shift and slope with many churns', () => {
    const { labels, logits } = windowOf(200_000, (logit) => -1 + 0.6 * logit);
    const sut = fitCalibration(labels, logits);
    expect(sut.slope).toBeCloseTo(0.6, 1);
    for (const logit of [-5, -3, -1]) expect(calibrated(sut, logit)).toBeCloseTo(-1 + 0.6 * logit, 1);
  });

  it('also uses older windows for the newest level, less the more it has drifted', () => {
    const newest = windowOf(1_000, (logit) => logit + 0.3);
    const withOlder = (level: number): number => {
      const older = windowOf(1_000, (logit) => logit + level);
      const years = [...older.labels.map(() => -1), ...newest.labels.map(() => 0)];
      return fitCalibration([...older.labels, ...newest.labels], [...older.logits, ...newest.logits], years)
        .shift;
    };
    const alone = fitCalibration(newest.labels, newest.logits).shift;
    // The prior holds back less of what two windows say alike.
    expect(withOlder(0.3)).toBeGreaterThan(alone);
    expect(withOlder(0.3)).toBeLessThan(0.31);
    expect(withOlder(0)).toBeLessThan(alone);
    expect(withOlder(0)).toBeGreaterThan(0.15);
  });

  it('extrapolates the drift to today', () => {
    const newest = windowOf(20_000, (logit) => logit + 0.2);
    const older = windowOf(20_000, (logit) => logit);
    const years = [...older.labels.map(() => -1.5), ...newest.labels.map(() => -0.5)];
    const { shift } = fitCalibration(
      [...older.labels, ...newest.labels],
      [...older.logits, ...newest.logits],
      years,
    );
    expect(shift).toBeGreaterThan(0.24);
    expect(shift).toBeLessThan(0.32);
  });

  it('is finite for any window', () => {
    const row = fc.record({
      label: fc.integer({ min: 0, max: 1 }),
      logit: fc.double({ min: -30, max: 30, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 500 }), (rows) => {
        const sut = fitCalibration(
          rows.map(({ label }) => label),
          rows.map(({ logit }) => logit),
        );
        expect(Number.isFinite(calibrated(sut, 0))).toBe(true);
      }),
    );
    const perfect = Array.from({ length: 1_000 }, (_, place) => (place < 500 ? 0 : 1));
    expect(
      fitCalibration(
        perfect,
        perfect.map((label) => label - 3),
      ).slope,
    ).toBeGreaterThan(1);
  });
});

describe(isotonicOf.name, () => {
  it('matches the fixture', () => {
    const scores = [0.05, 0.1, 0.2, 0.35, 0.4, 0.7, 0.8, 0.9];
    expect([...isotonicOf([0, 0, 0, 1, 0, 1, 1, 1], scores)]).toEqual([0, 0, 0, 0.5, 0.5, 1, 1, 1]);
  });

  it('pools equal scores first, regardless of row order', () => {
    expect([...isotonicOf([1, 0, 1, 0], [0.5, 0.5, 0.1, 0.9])]).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect([...isotonicOf([1, 0, 0], [0.5, 0.5, 0.1])]).toEqual([0.5, 0.5, 0]);
    expect([...isotonicOf([0, 1, 0], [0.5, 0.5, 0.1])]).toEqual([0.5, 0.5, 0]);
    expect([...isotonicOf([1, 0], [0.5, 0.9], [3, 1])]).toEqual([0.75, 0.75]);
  });

  it('is, at each score, the highest over the lower ends of the lowest mean over the upper ends', () => {
    const row = fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const meanFrom = (low: number, high: number): number => {
          const within = rows.filter(({ score }) => low <= score && score <= high);
          return within.reduce((sum, { label }) => sum + label, 0) / within.length;
        };
        const scores = rows.map(({ score }) => score);
        const at = (score: number): number => {
          const highs = scores.filter((one) => one >= score);
          const lowest = (low: number) => Math.min(...highs.map((high) => meanFrom(low, high)));
          return Math.max(...scores.filter((one) => one <= score).map(lowest));
        };
        const sut = isotonicOf(
          rows.map(({ label }) => label),
          scores,
        );
        scores.forEach((score, place) => expect(sut[place]).toBeCloseTo(at(score), 12));
      }),
    );
  });
});

describe(calibrated.name, () => {
  it('pivots about the center', () =>
    expect(
      probabilityOf(calibrated({ shift: 0.2, slope: 3, centre: logitOf(0.1) }, logitOf(0.1))),
    ).toBeCloseTo(probabilityOf(logitOf(0.1) + 0.2), 12));
});
