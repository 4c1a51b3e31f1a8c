import { figuresOf } from './window-figures.js';

describe(figuresOf.name, () => {
  const judged = {
    labels: Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0, 0, 0),
    probabilities: Float64Array.of(0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
    mrr: Float64Array.of(100, 1_000, 300, 100, 100, 100, 100, 100, 100, 100),
    daysUntilGone: Int32Array.of(40, 0, 10, 0, 0, 0, 0, 0, 0, 0),
  };

  it('measures the money and the time of the churn it caught', () => {
    const sut = figuresOf(judged, 2);
    expect(sut.realisedMrr).toBe(400);
    expect(sut.expectedMrr).toBeCloseTo(50 + 400 + 90 + 20 + 60, 9);
    // Ranked by money at stake: row 1, then row 2.
    expect(sut.mrrCaughtAtK).toBeCloseTo(300 / 400, 12);
    expect(sut.mrrCaughtAt10).toBe(0);
    expect(sut.precisionAtK).toBe(0.5);
    expect(sut.precisionAt10).toBe(1);
    expect(sut.liftAt10).toBeCloseTo(5, 12);
    expect(sut.leadTimeDays).toBe(40);
    expect(sut.observedToExpected).toBeCloseTo(1, 12);
  });

  it('is null where undefined, without outcomes and for a constant', () => {
    const none = figuresOf({ ...judged, labels: new Uint8Array(10), daysUntilGone: new Int32Array(10) }, 2);
    expect(none).toMatchObject({
      auc: null,
      prAuc: null,
      mrrCaughtAtK: null,
      leadTimeDays: null,
      happened: 0,
    });
    const constant = figuresOf({ ...judged, probabilities: new Float64Array(10).fill(0.2) }, 2);
    expect(constant).toMatchObject({ auc: 0.5, calibrationSlope: null, leadTimeDays: 25 });
    expect(constant.liftAt10).toBeCloseTo(1, 12);
  });
});
