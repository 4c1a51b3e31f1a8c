import { logitOf, probabilityOf } from '../scoring/model/logit.js';
import { againstTruth, type Guess } from './against-truth.js';

const TRUTHS = Array.from({ length: 400 }, (_, n) => probabilityOf(-5 + n / 80));

/** Predictions from the true logit. */
const guesses = (of: (logit: number, n: number) => number, half = 0.5): Guess[] =>
  TRUTHS.map((truth, n) => {
    const logit = of(logitOf(truth), n);
    return {
      truth,
      probability: probabilityOf(logit),
      low: probabilityOf(logit - half),
      high: probabilityOf(logit + half),
    };
  });

describe(againstTruth.name, () => {
  it('finds no error when the predictions are the truth', () => {
    const sut = againstTruth(guesses((logit) => logit));
    expect(sut.accounts).toBe(400);
    expect(sut.aucGap).toBeCloseTo(0, 12);
    expect(sut.excessLogLoss).toBeCloseTo(0, 12);
    expect(sut.slope).toBeCloseTo(1, 8);
    expect(sut.observedToExpected).toBeCloseTo(1, 12);
    expect(sut.coverage).toBe(1);
    expect(sut.meanHalfWidth).toBeCloseTo(0.5, 8);
  });

  it('gives a slope below 1 for extreme predictions and above 1 for timid ones', () => {
    expect(againstTruth(guesses((logit) => -2.5 + 2 * (logit + 2.5))).slope).toBeCloseTo(0.5, 6);
    expect(againstTruth(guesses((logit) => -1 + 0.8 * logit)).slope).toBeCloseTo(1.25, 6);
  });

  it('detects a wrong level while the ranking is right', () => {
    const sut = againstTruth(guesses((logit) => logit + 0.7, 0.6));
    expect(sut.aucGap).toBeCloseTo(0, 12);
    expect(sut.observedToExpected).toBeLessThan(0.65);
    expect(sut.slope).toBeCloseTo(1, 6);
    expect(sut.coverage).toBe(0);
  });

  it('measures the loss of ranking alone, also for equal predictions', () => {
    const none = againstTruth(guesses(() => -2));
    expect(none.aucGap).toBeGreaterThan(0.15);
    expect(none.slope).toBeNaN();
    const some = againstTruth(guesses((logit, n) => logit + (n % 2 ? 1 : -1), 1.01));
    expect(some.aucGap).toBeGreaterThan(0.01);
    expect(some.aucGap).toBeLessThan(none.aucGap);
    expect(some.coverage).toBeCloseTo(1, 12);
  });

  it('computes the log-loss in nats', () => {
    const half = { low: 0.1, high: 0.9 };
    const sut = againstTruth([
      { truth: 0.5, probability: 0.2, ...half },
      { truth: 0.2, probability: 0.2, ...half },
    ]);
    expect(sut.excessLogLoss).toBeCloseTo((0.5 * Math.log(0.5 / 0.2) + 0.5 * Math.log(0.5 / 0.8)) / 2, 12);
  });

  it('rejects empty input', () => {
    expect(() => againstTruth([])).toThrow(RangeError);
  });
});
