import fc from 'fast-check';
import { logitOf, probabilityOf } from './logit.js';
import {
  auc,
  brier,
  calibrationOf,
  captureAt,
  ece,
  liftAt,
  logLoss,
  prAuc,
  precisionAt,
  precisionAtCount,
  reliabilityOf,
} from './metrics.js';

/** With equal scores on both sides; the answers are scikit-learn's. */
const LABELS = [0, 0, 1, 1, 0, 1, 0, 1, 1, 0];
const SCORES = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.2, 0.4, 0.7, 0.05];

/** Few distinct scores, so that most are tied; both kinds of label. */
const tied = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), tenths: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 2,
    maxLength: 60,
  })
  .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2)
  .map((rows) => ({
    labels: rows.map(({ label }) => label),
    scores: rows.map(({ tenths }) => tenths / 10),
  }));

describe('the measures', () => {
  it('match scikit-learn on tied scores', () => {
    expect(auc(LABELS, SCORES)).toBeCloseTo(0.88, 12);
    expect(prAuc(LABELS, SCORES)).toBeCloseTo(0.8761904761904762, 12);
    expect(brier(LABELS, SCORES)).toBeCloseTo(0.1295, 12);
    expect(logLoss(LABELS, SCORES)).toBeCloseTo(0.40527404761751684, 12);
  });

  it('do not depend on the order of the rows', () => {
    const all = (labels: number[], scores: number[]) => [
      auc(labels, scores),
      prAuc(labels, scores),
      ece(labels, scores),
      liftAt(labels, scores, 0.1),
      precisionAt(labels, scores, 0.3),
      captureAt(labels, scores, 3),
    ];
    fc.assert(
      fc.property(tied, ({ labels, scores }) => {
        const there = all(labels, scores);
        all(labels.toReversed(), scores.toReversed()).forEach((one, place) =>
          expect(one).toBeCloseTo(there[place] ?? NaN, 10),
        );
      }),
    );
  });

  it('give a constant score no ranking, lift 1 and the base rate as precision', () => {
    const constant = SCORES.map(() => 0.3);
    expect(auc(LABELS, constant)).toBe(0.5);
    expect(prAuc(LABELS, constant)).toBe(0.5);
    for (const share of [0.1, 0.25, 1]) {
      expect(liftAt(LABELS, constant, share)).toBeCloseTo(1, 12);
      expect(precisionAt(LABELS, constant, share)).toBeCloseTo(0.5, 12);
    }
    expect(captureAt(LABELS, constant, 4)).toBeCloseTo(0.4, 12);
    expect(ece(LABELS, constant)).toBeCloseTo(0.2, 12);
    expect(calibrationOf(LABELS, constant).slope).toBeNaN();
    expect(calibrationOf(LABELS, constant).intercept).toBeCloseTo(-logitOf(0.3), 9);
  });

  it.each([
    ['none left', [0, 0, 0]],
    ['all left', [1, 1, 1]],
  ])('are null when %s', (_, labels) => {
    const scores = [0.1, 0.2, 0.3];
    expect(auc(labels, scores)).toBeNaN();
    expect(calibrationOf(labels, scores)).toEqual({ slope: NaN, intercept: NaN });
  });

  it('reject different lengths and non-numeric scores', () => {
    expect(() => auc([0, 1], [0.5])).toThrow(RangeError);
    expect(() => brier([0], [0.5, 0.1])).toThrow(RangeError);
    expect(() => auc([0, 1], [0.5, NaN])).toThrow('row 1');
  });
});

describe(auc.name, () => {
  it('is the share of pairs ranked correctly, ties counting half', () => {
    fc.assert(
      fc.property(tied, ({ labels, scores }) => {
        let won = 0;
        let pairs = 0;
        labels.forEach((one, i) =>
          labels.forEach((other, j) => {
            if (one !== 1 || other !== 0) return;
            pairs++;
            won += (Math.sign((scores[i] ?? 0) - (scores[j] ?? 0)) + 1) / 2;
          }),
        );
        expect(auc(labels, scores)).toBeCloseTo(won / pairs, 12);
      }),
    );
  });
});

describe(logLoss.name, () => {
  it('stays finite for a certain prediction that was wrong', () => {
    expect(logLoss([1, 0], [0, 0])).toBeCloseTo(Math.log(1e15) / 2, 6);
  });
});

describe(reliabilityOf.name, () => {
  it('has bins of equal count, lowest first', () => {
    const scores = Array.from({ length: 100 }, (_, row) => ((row * 37) % 100) / 100);
    const labels = scores.map((score) => (score >= 0.5 ? 1 : 0));
    const sut = reliabilityOf(labels, scores);
    expect(sut.map(({ count }) => count)).toEqual(Array(10).fill(10));
    expect(sut.map(({ positives }) => positives)).toEqual([0, 0, 0, 0, 0, 10, 10, 10, 10, 10]);
    expect(sut[3]?.meanPredicted).toBeCloseTo(0.345, 12);
    expect(sut[9]?.observed).toBe(1);
  });

  it('never splits equal scores', () => {
    const sut = reliabilityOf(LABELS, SCORES, 5);
    expect(sut.reduce((sum, { count }) => sum + count, 0)).toBe(10);
    expect(sut.find(({ meanPredicted }) => Math.abs(meanPredicted - 0.4) < 1e-9)).toMatchObject({
      count: 3,
      positives: 1,
    });
  });
});

describe(ece.name, () => {
  it('is the mean calibration error', () => {
    const scores = [0.1, 0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.6];
    expect(ece([0, 0, 0, 1, 1, 1, 0, 0], scores, 2)).toBeCloseTo((0.15 + 0.1) / 2, 12);
  });
});

describe(calibrationOf.name, () => {
  const logits = Array.from({ length: 400 }, (_, row) => -4 + (row % 40) / 5);
  const labels = logits.map((logit, row) => (((row * 7919) % 400) / 400 < probabilityOf(logit) ? 1 : 0));

  it('recovers the scale and shift of a logit', () => {
    const right = calibrationOf(labels, logits.map(probabilityOf));
    const extreme = calibrationOf(
      labels,
      logits.map((logit) => probabilityOf(2 * logit)),
    );
    const low = calibrationOf(
      labels,
      logits.map((logit) => probabilityOf(logit - 1.5)),
    );
    expect(right.slope).toBeGreaterThan(0.7);
    expect(extreme.slope).toBeCloseTo(right.slope / 2, 8);
    expect(low.slope).toBeCloseTo(right.slope, 8);
    expect(low.intercept).toBeCloseTo(right.intercept + 1.5, 8);
  });

  it('is defined for certain predictions that were wrong', () => {
    const certain = fc.constantFrom(0, 1e-300, 1e-12, 0.3, 0.5, 1 - 1e-12, 1);
    const rows = fc.array(fc.record({ label: fc.integer({ min: 0, max: 1 }), p: certain }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, (all) => {
        const sut = calibrationOf(
          all.map(({ label }) => label),
          all.map(({ p }) => p),
        );
        expect(Math.abs(sut.slope)).not.toBe(Infinity);
        expect(Math.abs(sut.intercept)).not.toBe(Infinity);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has no slope for a perfect ranking in either direction', () => {
    expect(calibrationOf([0, 0, 1], [0.1, 0.2, 0.3]).slope).toBeNaN();
    expect(calibrationOf([1, 0, 0], [0.1, 0.2, 0.3]).slope).toBeNaN();
    expect(calibrationOf([0, 0, 1, 1], [0.1, 0.2, 0.2, 0.3]).slope).toBeNaN();
  });
});

describe(precisionAtCount.name, () => {
  it('breaks ties at random', () => {
    expect(precisionAtCount(LABELS, SCORES, 3)).toBe(1);
    expect(precisionAtCount(LABELS, SCORES, 5)).toBeCloseTo((3 + 2 / 3) / 5, 12);
  });

  it('is the base rate when all accounts are called', () =>
    expect(precisionAtCount(LABELS, SCORES, 50)).toBeCloseTo(0.5, 12));
});

describe(liftAt.name, () => {
  it('uses at least one row', () => expect(liftAt(LABELS, SCORES, 0.01)).toBe(2));
});

describe(captureAt.name, () => {
  it('is the share of the money in the top rows', () => {
    const lost = [0, 500, 0, 300, 200];
    expect(captureAt(lost, [90, 80, 70, 60, 50], 2)).toBe(0.5);
    expect(captureAt(lost, [90, 80, 70, 70, 50], 3)).toBeCloseTo(0.65, 12);
  });
});
