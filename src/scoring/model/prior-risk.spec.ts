import type { ChurnRisk } from './churn-risk.js';
import fc from 'fast-check';
import { DEFAULT_CARDS } from './default-cards.js';
import { evaluate } from './evaluate.js';
import { probabilityOf } from './logit.js';
import { fitPrior, type PriorModel, riskByPrior } from './prior-risk.js';
import { riskReasonsOf } from './reasons.js';
import { measuresOf, type Scorecard } from './scorecard.js';
import type { FeatureValues, ScoredAccount } from './scored-account.js';
import { survivalOf } from './survival.js';

const active = (features: FeatureValues): ScoredAccount => ({
  features,
  tier: 'smb',
  stage: null,
  status: 'active',
});
const rowOf = (card: Scorecard, account: ScoredAccount) => ({
  card,
  account,
  evaluation: evaluate(card, account),
});
const riskIn = (model: PriorModel, account: ScoredAccount, card = DEFAULT_CARDS[0]) =>
  riskByPrior(model, card, account, evaluate(card, account));

/** Adoption at a score of the feature's own value; the weight of the rest never known. */
const plain: Scorecard = {
  key: 'plain',
  bands: { green: 70, yellow: 40 },
  dimensions: [
    {
      key: 'a',
      weight: 3,
      measures: [
        {
          feature: 'a',
          weight: 1,
          curve: [
            [0, 0],
            [100, 100],
          ],
        },
      ],
    },
    {
      key: 'b',
      weight: 1,
      measures: [
        {
          feature: 'b',
          weight: 1,
          curve: [
            [0, 0],
            [100, 100],
          ],
        },
        {
          feature: 'a',
          weight: 1,
          curve: [
            [0, 100],
            [100, 0],
          ],
          when: [{ feature: 'old', atLeast: 1 }],
        },
      ],
    },
  ],
  caps: [{ key: 'cap', limit: 1, when: [{ feature: 'a', below: 50 }], text: 'low' }],
};

const value = fc.option(fc.double({ min: -60, max: 60, noNaN: true }));
const features = fc.record({
  usageTrend28: value,
  daysSinceLastUse: value,
  oldestUrgentDays: value,
  csat90: value,
  mrrChange180: value,
});
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe(fitPrior.name, () => {
  it('matches the base rate on average over the reference', () => {
    fc.assert(
      fc.property(fc.array(features, { minLength: 1, maxLength: 30 }), fc.nat(40), (all, churned) => {
        const rows = all.map((one) => rowOf(DEFAULT_CARDS[0], active(one)));
        const model = fitPrior({ rows, churned, windows: 100 });
        const mean = sum(all.map((one) => riskIn(model, active(one))?.probability ?? 0)) / all.length;
        expect(mean).toBeCloseTo((churned + 1) / 120, 4);
      }),
      { numRuns: 50 },
    );
  });

  it('is the base rate without a reference', () => {
    const model = fitPrior({ rows: [], churned: 0, windows: 0 });
    expect(probabilityOf(model.base / 10_000)).toBeCloseTo(1 / 20, 4);
    expect(partsIn(riskIn(model, active({ daysSinceLastUse: 7 }))).every((one) => one === 0)).toBe(true);
  });
});

function partsIn(risk: ChurnRisk | null): number[] {
  return risk?.parts().map(({ contribution }) => contribution) ?? [];
}

describe(riskByPrior.name, () => {
  const model: PriorModel = {
    basis: 'prior',
    kappa: 0.35,
    base: -30_000,
    means: { plain: [6_000, 5_000, 5_200] },
    churned: 3,
    windows: 100,
  };

  it('has contributions that add up to the logit with the base, whatever is missing', () => {
    fc.assert(
      fc.property(features, fc.array(features, { maxLength: 5 }), (one, others) => {
        const rows = others.map((other) => rowOf(DEFAULT_CARDS[0], active(other)));
        const fitted = fitPrior({ rows, churned: 3, windows: 90 });
        const sut = riskIn(fitted, active(one));
        if (!sut) throw new Error('an active account has a risk');
        const parts = partsIn(sut);
        expect(parts).toHaveLength(measuresOf(DEFAULT_CARDS[0]).length);
        expect([sut.base, ...parts].every(Number.isInteger)).toBe(true);
        expect(sut.base + sum(parts)).toBe(sut.logit);
        const reasons = riskReasonsOf(sut.parts(), active(one));
        expect(sut.base + sum(reasons.map(({ contribution }) => contribution))).toBe(sut.logit);
        expect(sut.probability).toBeCloseTo(probabilityOf(sut.logit / 10_000), 12);
        expect(0 < sut.low && sut.low < sut.probability && sut.probability < sut.high && sut.high < 1).toBe(
          true,
        );
        expect(sut.probability12m).toBeGreaterThan(sut.probability);
        expect(1 - (survivalOf(sut.curves.expected, 3)[3] ?? 1)).toBeCloseTo(sut.probability, 12);
        expect(1 - (survivalOf(sut.curves.expected, 12)[12] ?? 1)).toBeCloseTo(sut.probability12m, 12);
      }),
    );
  });

  it('changes by .35 logits per 10 points of the card, and by the weight of the measure', () => {
    // .75 × (40 − 60) = −15 points; .25 × (90 − 50) = +10 points.
    const sut = riskIn(model, active({ a: 40, b: 90 }), plain);
    expect(sut).toMatchObject({ logit: -30_000 + 1_750, health: -0.5 });
    expect(partsIn(sut)).toEqual([5_250, -3_500, 0]);
  });

  it('shares the weight among measures that apply, and adds nothing for unknown ones', () => {
    expect(partsIn(riskIn(model, active({ a: 40, old: 1 }), plain))).toEqual([5_250, 0, -350]);
    expect(partsIn(riskIn(model, active({ b: 90, old: 1 }), plain))).toEqual([0, -1_750, 0]);
  });

  it('has a wide interval that narrows with the number of churns', () => {
    const sut = riskIn(model, active({ a: 40, b: 90 }), plain);
    const half = 1.645 * Math.sqrt(1 / 4 + (0.5 * 0.175) ** 2 + 0.7 ** 2);
    expect(sut?.high).toBeCloseTo(probabilityOf(-2.825 + half), 10);
    expect(sut?.low).toBeCloseTo(probabilityOf(-2.825 - half), 10);
    const more = riskIn({ ...model, churned: 99 }, active({ a: 40, b: 90 }), plain);
    expect(more?.high).toBeLessThan(sut?.high ?? 0);
  });

  it.each(['trial', 'leaving', 'churned'] as const)('does not predict a %s account', (status) =>
    expect(riskIn(model, { ...active({ a: 40 }), status }, plain)).toBeNull(),
  );
});
