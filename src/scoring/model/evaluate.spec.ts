import fc from 'fast-check';
import type { Condition } from './condition.js';
import { BASELINE, evaluate, OVERRIDE } from './evaluate.js';
import { reasonsOf } from './reasons.js';
import { measuresOf, type Measure, type Scorecard } from './scorecard.js';
import type { FeatureValues, ScoredAccount } from './scored-account.js';

const withFeatures = (
  features: FeatureValues,
  overrides: Omit<Partial<ScoredAccount>, 'features'> = {},
): ScoredAccount => ({ features, tier: 'smb', stage: null, status: 'active', ...overrides });

/** Five measures, so that sums can be done by hand. */
const CARD: Scorecard = {
  key: 'small',
  bands: { green: 70, yellow: 40 },
  dimensions: [
    {
      key: 'adoption',
      weight: 45,
      measures: [
        {
          feature: 'usageTrend28',
          weight: 12,
          curve: [
            [-50, 0],
            [-20, 40],
            [-5, 70],
            [10, 100],
          ],
        },
        {
          feature: 'daysSinceLastUse',
          weight: 8,
          curve: [
            [2, 100],
            [7, 70],
            [14, 40],
            [30, 0],
          ],
        },
      ],
    },
    {
      key: 'support',
      weight: 15,
      measures: [
        {
          feature: 'oldestUrgentDays',
          weight: 5,
          curve: [
            [0, 100],
            [2, 40],
            [7, 0],
          ],
        },
        {
          feature: 'csat90',
          weight: 4,
          curve: [
            [2, 0],
            [3.5, 40],
            [4.2, 70],
            [4.7, 100],
          ],
        },
      ],
    },
    {
      key: 'commercial',
      weight: 15,
      measures: [
        {
          feature: 'mrrChange180',
          weight: 7,
          curve: [
            [-30, 0],
            [-10, 40],
            [0, 70],
            [10, 100],
          ],
        },
      ],
    },
  ],
  caps: [
    {
      key: 'noUse30d',
      limit: 39,
      when: [{ feature: 'daysSinceLastUse', atLeast: 30 }],
      text: 'no use for 30 days or more',
    },
    {
      key: 'urgentOpen7d',
      limit: 39,
      when: [{ feature: 'oldestUrgentDays', atLeast: 7 }],
      text: 'an urgent ticket open for 7 days or more',
    },
  ],
};

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
const bound = fc.integer({ min: -50, max: 50 });
const bounds = fc.record({ atLeast: bound, atMost: bound, below: bound, above: bound }, { requiredKeys: [] });
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.tuple(feature, bounds).map(([key, limits]) => ({ feature: key, ...limits })),
  fc.record({
    attribute: fc.constantFrom('tier' as const, 'stage' as const, 'status' as const),
    is: fc.subarray(['smb', 'onboarding', 'trial', 'active']),
  }),
  bounds.map((limits) => ({ attribute: 'tenureDays' as const, ...limits })),
);
const conditions = fc.array(condition, { maxLength: 2 });
const measure: fc.Arbitrary<Measure> = fc.record(
  { feature, weight, curve, when: conditions },
  { requiredKeys: ['feature', 'weight', 'curve'] },
);
const cards: fc.Arbitrary<Scorecard> = fc.record({
  key: fc.constant('random'),
  bands: fc.constant({ green: 70, yellow: 40 }),
  dimensions: fc.array(
    fc.record({
      key: fc.string(),
      weight,
      measures: fc.array(measure, { maxLength: 5 }),
    }),
    { maxLength: 5 },
  ),
  caps: fc.array(
    fc.record({
      key: fc.string(),
      limit: score,
      when: conditions,
      text: fc.constant('capped'),
    }),
    { maxLength: 3 },
  ),
});
const accounts: fc.Arbitrary<ScoredAccount> = fc.record({
  features: fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'tenureDays'),
    fc.oneof(fc.constant(null), fc.double({ min: -60, max: 60, noNaN: true })),
  ),
  tier: fc.constantFrom('smb', 'enterprise'),
  stage: fc.constantFrom(null, 'onboarding', 'adopting'),
  status: fc.constantFrom('trial' as const, 'active' as const),
});
const overrides = fc.option(fc.record({ score }), { nil: undefined });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe(evaluate.name, () => {
  it('adds up exactly for any card, conditions, override and missing values', () => {
    fc.assert(
      fc.property(cards, accounts, overrides, (card, account, override) => {
        const sut = evaluate(card, account, override);
        const { score, contributions, adjustments, measureScores, confidence, band } = sut;
        expect([contributions.length, measureScores.length]).toEqual(Array(2).fill(measuresOf(card).length));
        expect(confidence >= 0 && confidence <= 10_000).toBe(true);
        if (score === null) {
          expect([override, band, sum(contributions), adjustments]).toEqual([undefined, 'unknown', 0, []]);
          return;
        }
        expect(score >= 0 && score <= 10_000).toBe(true);
        expect([score, ...contributions].every(Number.isInteger)).toBe(true);
        const adjusted = sum(adjustments.map(({ contribution }) => contribution));
        expect(BASELINE + sum(contributions) + adjusted).toBe(score);
        const reasons = reasonsOf(card, sut, account.features);
        expect(BASELINE + sum(reasons.map(({ contribution }) => contribution))).toBe(score);
        expect(band === 'unknown').toBe(override === undefined && confidence < 5_000);
        if (override) expect(score).toBe(Math.round(100 * override.score));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the weighted mean of the measures when all are known', () => {
    // Adoption 70; support (5 × 70 + 4 × 70) / 9 = 70; commercial 70.
    const sut = evaluate(CARD, withFeatures(whole));
    expect(sut).toMatchObject({ score: 7_000, band: 'green', confidence: 10_000, adjustments: [] });
    expect(sut.dimensionScores).toEqual([7_000, 7_000, 7_000]);
    expect(sut.contributions).toEqual([0, 0, 0, 0, 0]);
  });

  it('changes a contribution by its effective weight', () => {
    // .6 of the card × .6 of adoption × (40 − 70)
    const sut = evaluate(CARD, withFeatures({ ...whole, usageTrend28: -20 }));
    expect(sut.contributions).toEqual([-1_080, 0, 0, 0, 0]);
    expect(sut).toMatchObject({ score: 5_920, band: 'yellow' });
  });

  it('redistributes the weight of missing measures to known ones', () => {
    const sut = evaluate(CARD, withFeatures({ usageTrend28: -20 }));
    expect(sut).toMatchObject({ score: 4_000, confidence: 3_600, band: 'unknown' });
    expect(sut.dimensionScores).toEqual([4_000, null, null]);
    expect(sut.measureScores).toEqual([4_000, null, null, null, null]);
  });

  it('has no score when nothing is known', () => {
    expect(evaluate(CARD, withFeatures({ activeDays28: 9, usageTrend28: null }))).toMatchObject({
      score: null,
      band: 'unknown',
      confidence: 0,
    });
  });

  it('attributes the whole difference to the lowest cap and none to the next', () => {
    const sut = evaluate(
      CARD,
      withFeatures({
        ...whole,
        daysSinceLastUse: 30,
        usageTrend28: 10,
        oldestUrgentDays: 7,
      }),
    );
    expect(sut.adjustments).toEqual([
      { cap: 0, contribution: 3_900 - BASELINE - sum(sut.contributions) },
      { cap: 1, contribution: 0 },
    ]);
    expect(sut).toMatchObject({ score: 3_900, band: 'red' });
  });

  it.each([
    ['first', [39, 69], 0, 1],
    ['last', [69, 39], 1, 0],
    ['in the middle', [69, 20, 39], 1, 2],
  ])('applies the lowest of several caps when it comes %s', (_, limits, lowest, next) => {
    const always = [{ feature: 'daysSinceLastUse', atLeast: 0 }];
    const caps = limits.map((limit) => ({ key: `cap${limit}`, limit, when: always, text: 'capped' }));
    const sut = evaluate({ ...CARD, caps }, withFeatures({ ...whole, usageTrend28: 10 }));
    const limit = 100 * Math.min(...limits);
    expect(sut.score).toBe(limit);
    expect(sut.adjustments.slice(0, 2)).toEqual([
      { cap: lowest, contribution: limit - BASELINE - sum(sut.contributions) },
      { cap: next, contribution: 0 },
    ]);
  });

  it('does not change a score below the cap', () => {
    const sut = evaluate(CARD, withFeatures({ usageTrend28: -60, daysSinceLastUse: 40, mrrChange180: -40 }));
    expect(sut).toMatchObject({ score: 0, adjustments: [] });
  });

  it.each([
    [70, 'green'],
    [69.99, 'yellow'],
    [40, 'yellow'],
    [39.99, 'red'],
  ])('maps %d to %s', (at, band) => {
    const dimensions = [
      { key: 'only', weight: 1, measures: [{ feature: 'a', weight: 1, curve: [[0, at]] as const }] },
    ];
    expect(evaluate({ ...CARD, dimensions, caps: [] }, withFeatures({ a: 1 })).band).toBe(band);
  });

  describe('with conditions', () => {
    const level = (at: number) => [[0, at]] as const;
    const young = { feature: 'a', weight: 1, curve: level(40), when: [{ feature: 'age', below: 180 }] };
    const old = { feature: 'a', weight: 1, curve: level(80), when: [{ feature: 'age', atLeast: 180 }] };
    const always = { feature: 'b', weight: 1, curve: level(60) };
    const card = (measures: Measure[]): Scorecard => ({
      ...CARD,
      dimensions: [
        { key: 'one', weight: 1, measures },
        { key: 'two', weight: 1, measures: [{ feature: 'c', weight: 1, curve: level(60) }] },
      ],
      caps: [],
    });

    it('uses the measure that applies and gives the other no weight', () => {
      const sut = (age: number) =>
        evaluate(card([young, old]), withFeatures({ a: 1, c: 1, age })).measureScores;
      expect(sut(179)).toEqual([4_000, null, 6_000]);
      expect(sut(180)).toEqual([null, 8_000, 6_000]);
    });

    it('counts a measure that does not apply neither as known nor as unknown', () => {
      const confidence = (age: number, measures: Measure[]) =>
        evaluate(card(measures), withFeatures({ b: 1, c: 1, age })).confidence;
      expect(confidence(179, [young, always])).toBe(7_500);
      expect(confidence(200, [young, always])).toBe(10_000);
    });

    it('omits a dimension with no measure that applies', () => {
      const sut = evaluate(card([young]), withFeatures({ c: 1, age: 200 }));
      expect(sut).toMatchObject({ confidence: 10_000, score: 6_000, dimensionScores: [null, 6_000] });
    });

    it('applies a cap when all of its conditions hold', () => {
      const caps = [
        {
          key: 'late',
          limit: 39,
          when: [
            { feature: 'a', below: 5 },
            { attribute: 'status' as const, is: ['active'] },
          ],
          text: 'late',
        },
      ];
      const sut = (account: ScoredAccount) => evaluate({ ...card([always]), caps }, account).score;
      expect(sut(withFeatures({ a: 4, b: 1, c: 1 }))).toBe(3_900);
      expect(sut(withFeatures({ a: 5, b: 1, c: 1 }))).toBe(6_000);
      expect(sut(withFeatures({ b: 1, c: 1 }))).toBe(6_000);
      expect(sut(withFeatures({ a: 4, b: 1, c: 1 }, { status: 'trial' }))).toBe(6_000);
    });
  });

  it('uses the score of an override, with the difference as the last line', () => {
    const account = withFeatures({ ...whole, oldestUrgentDays: 7 });
    const sut = evaluate(CARD, account, { score: 82.5 });
    expect(sut).toMatchObject({ score: 8_250, band: 'green' });
    expect(sut.adjustments).toEqual([
      { cap: 1, contribution: expect.any(Number) },
      { cap: OVERRIDE, contribution: 8_250 - 3_900 },
    ]);
    expect(evaluate(CARD, withFeatures({}), { score: 20 })).toMatchObject({
      score: 2_000,
      band: 'red',
      confidence: 0,
      adjustments: [{ cap: OVERRIDE, contribution: -5_000 }],
    });
  });
});
