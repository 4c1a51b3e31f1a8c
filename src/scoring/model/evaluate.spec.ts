import fc from 'fast-check';
import { DEFAULT_CARD } from './default-card.js';
import { BASELINE, evaluate } from './evaluate.js';
import { measuresOf, type Scorecard } from './scorecard.js';

const whole = {
  usageTrend28: -5,
  daysSinceLastUse: 7,
  oldestUrgentDays: 1,
  csat90: 4.2,
  mrrChange180: 0,
};

const score = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
const curve = fc
  .uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 5 })
  .chain((values) =>
    fc.tuple(...values.sort((a, b) => a - b).map((value) => score.map((at) => [value, at] as const))),
  );
const weight = fc.double({ min: 0, max: 60, noNaN: true });
const feature = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const cards: fc.Arbitrary<Scorecard> = fc.record({
  key: fc.constant('random'),
  bands: fc.constant({ green: 70, yellow: 40 }),
  dimensions: fc.array(
    fc.record({
      key: fc.string(),
      weight,
      measures: fc.array(fc.record({ feature, weight, curve }), { maxLength: 5 }),
    }),
    { maxLength: 5 },
  ),
  caps: fc.array(
    fc.record({
      key: fc.string(),
      feature,
      atLeast: fc.integer({ min: -50, max: 50 }),
      limit: score,
      text: fc.constant('capped'),
    }),
    { maxLength: 3 },
  ),
});
const values = fc.dictionary(
  feature,
  fc.oneof(fc.constant(null), fc.double({ min: -60, max: 60, noNaN: true })),
);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe(evaluate.name, () => {
  it('adds up exactly, whatever the card and whatever is missing', () => {
    fc.assert(
      fc.property(cards, values, (card, features) => {
        const { score, contributions, adjustments, measureScores, confidence, band } = evaluate(
          card,
          features,
        );
        expect([contributions.length, measureScores.length]).toEqual(Array(2).fill(measuresOf(card).length));
        expect(confidence >= 0 && confidence <= 10_000).toBe(true);
        if (score === null) {
          expect([band, sum(contributions), adjustments]).toEqual(['unknown', 0, []]);
          return;
        }
        expect(score >= 0 && score <= 10_000).toBe(true);
        expect([score, ...contributions].every(Number.isInteger)).toBe(true);
        expect(BASELINE + sum(contributions) + sum(adjustments.map(({ contribution }) => contribution))).toBe(
          score,
        );
        expect(band === 'unknown').toBe(confidence < 5_000);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the weighted mean of the measures when all are known', () => {
    // Adoption 70; support (5 × 70 + 4 × 70) / 9 = 70; commercial 70.
    const sut = evaluate(DEFAULT_CARD, whole);
    expect(sut).toMatchObject({ score: 7_000, band: 'green', confidence: 10_000, adjustments: [] });
    expect(sut.dimensionScores).toEqual([7_000, 7_000, 7_000]);
    expect(sut.contributions).toEqual([0, 0, 0, 0, 0]);
  });

  it('moves a contribution by its effective weight', () => {
    // .6 of the card × .6 of adoption × (40 − 70)
    const sut = evaluate(DEFAULT_CARD, { ...whole, usageTrend28: -20 });
    expect(sut.contributions).toEqual([-1_080, 0, 0, 0, 0]);
    expect(sut).toMatchObject({ score: 5_920, band: 'yellow' });
  });

  it('shares the weight of what is missing among what is known', () => {
    const sut = evaluate(DEFAULT_CARD, { usageTrend28: -20 });
    expect(sut).toMatchObject({ score: 4_000, confidence: 3_600, band: 'unknown' });
    expect(sut.dimensionScores).toEqual([4_000, null, null]);
    expect(sut.measureScores).toEqual([4_000, null, null, null, null]);
  });

  it('has no score when nothing is known', () => {
    expect(evaluate(DEFAULT_CARD, { activeDays28: 9, usageTrend28: null })).toMatchObject({
      score: null,
      band: 'unknown',
      confidence: 0,
    });
  });

  it('gives a cap the whole difference, and names the second with none', () => {
    const sut = evaluate(DEFAULT_CARD, {
      ...whole,
      daysSinceLastUse: 30,
      usageTrend28: 10,
      oldestUrgentDays: 7,
    });
    expect(sut.adjustments).toEqual([
      { cap: 0, contribution: 3_900 - BASELINE - sum(sut.contributions) },
      { cap: 1, contribution: 0 },
    ]);
    expect(sut).toMatchObject({ score: 3_900, band: 'red' });
  });

  it('leaves a score alone that lies under the cap already', () => {
    const sut = evaluate(DEFAULT_CARD, { usageTrend28: -60, daysSinceLastUse: 40, mrrChange180: -40 });
    expect(sut).toMatchObject({ score: 0, adjustments: [] });
  });

  it.each([
    [70, 'green'],
    [69.99, 'yellow'],
    [40, 'yellow'],
    [39.99, 'red'],
  ])('puts %d into %s', (at, band) => {
    const dimensions = [
      { key: 'only', weight: 1, measures: [{ feature: 'a', weight: 1, curve: [[0, at]] as const }] },
    ];
    expect(evaluate({ ...DEFAULT_CARD, dimensions, caps: [] }, { a: 1 }).band).toBe(band);
  });
});
