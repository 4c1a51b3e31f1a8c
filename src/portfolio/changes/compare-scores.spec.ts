import fc from 'fast-check';
import { CATALOGUE } from '../../scoring/model/catalogue/catalogue.js';
import { STAGES, STATUSES } from '../../scoring/features/account-features.js';
import { riskOf } from '../../scoring/model/churn-model.js';
import { DEFAULT_CARDS } from '../../scoring/model/default-cards.js';
import { evaluate, type Override } from '../../scoring/model/evaluate.js';
import { measuresOf, type Scorecard } from '../../scoring/model/scorecard.js';
import type { PriorModel } from '../../scoring/model/prior-risk.js';
import type { ScoredAccount } from '../../scoring/model/scored-account.js';
import type { FittedChurn } from '../../scoring/model/training/trained.js';
import type { DescribedScore } from '../scores/describe-score.js';
import { compareHealth, compareRisk, type Comparison } from './compare-scores.js';

interface Made {
  card?: Scorecard;
  version?: number;
  base?: number;
  account?: Partial<ScoredAccount>;
  override?: Override;
}

const card = (key: string): Scorecard => {
  const found = DEFAULT_CARDS.find((one) => one.key === key);
  if (!found) throw new Error(key);
  return found;
};

/** As a run would have stored it. */
function scored({
  card: by = card('default'),
  version = 1,
  base = -20_000,
  account,
  override,
}: Made): DescribedScore {
  const who: ScoredAccount = {
    tier: 'mid-market',
    stage: 'established',
    status: 'active',
    features: {},
    ...account,
  };
  const { score, ...evaluation } = evaluate(by, who, override);
  const means = Object.fromEntries(
    DEFAULT_CARDS.map((one) => [one.key, measuresOf(one).map((_, place) => 5_000 + 10 * place + base / 100)]),
  );
  const shared = { builtIn: true, retired: false, createdAt: new Date(0) };
  return {
    card: { scorecardId: 100 * DEFAULT_CARDS.indexOf(by) + version, version, card: by, ...shared },
    model: {
      modelId: base,
      key: 'churn',
      version: -base,
      churn: { basis: 'prior', kappa: 0.35, base, means, churned: 10, windows: 100 },
    } as unknown as DescribedScore['model'],
    score: { ...who, ...evaluation, health: score } as unknown as DescribedScore['score'],
    currency: 'USD',
  };
}

const values = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 120, noNaN: true }));
const features = fc.record(Object.fromEntries(CATALOGUE.map(({ key }) => [key, values])));
const made: fc.Arbitrary<Made> = fc.record({
  card: fc.constantFrom(...DEFAULT_CARDS),
  version: fc.integer({ min: 1, max: 2 }),
  base: fc.constantFrom(-20_000, -25_000),
  account: fc.record({
    tier: fc.constantFrom('enterprise', 'mid-market', 'smb'),
    stage: fc.constantFrom(...STAGES),
    status: fc.constantFrom(...STATUSES),
    features,
  }),
  override: fc.option(fc.record({ score: fc.integer({ min: 0, max: 10_000 }).map((one) => one / 100) }), {
    nil: undefined,
  }),
});
const sumOf = (comparison: Comparison | null) =>
  comparison?.parts.reduce((sum, { contribution }) => sum + contribution, 0);

describe(compareHealth.name, () => {
  it('splits every difference into parts that add up to it exactly', () => {
    fc.assert(
      fc.property(made, made, (one, other) => {
        const [from, to] = [scored(one), scored(other)];
        const comparison = compareHealth(from, to);
        if (from.score.health === null || to.score.health === null) return comparison === null;
        expect(comparison?.difference).toBe(to.score.health - from.score.health);
        expect(sumOf(comparison)).toBe(comparison?.difference);
        expect((comparison?.byDefinition ?? 0) + (comparison?.byCustomer ?? 0)).toBe(comparison?.difference);
        return true;
      }),
      { numRuns: 500 },
    );
  });

  const idle = { daysSinceLastUse: 21, activeUsers28: 5, licenceUse28: 0.5, mrr: 100 };
  const busy = { ...idle, daysSinceLastUse: 2 };
  const strict: Scorecard = {
    ...card('default'),
    dimensions: card('default').dimensions.map((dimension) => ({
      ...dimension,
      measures: dimension.measures.map((measure) =>
        measure.feature === 'licenceUse28' ? { ...measure, weight: 2 * measure.weight } : measure,
      ),
    })),
  };

  it('says that the customer changed when the card is the same', () => {
    const comparison = compareHealth(
      scored({ account: { features: busy } }),
      scored({ account: { features: idle } }),
    );
    expect(comparison).toMatchObject({ byDefinition: 0 });
    expect(comparison?.difference).toBeLessThan(0);
    expect(comparison?.parts[0]).toMatchObject({
      kind: 'feature',
      key: 'daysSinceLastUse',
      from: 2,
      to: 21,
      text: 'last used 2 days ago → no usage for 21 days',
    });
  });

  it('says which way a value went that words are too coarse for', () => {
    const withUse: Scorecard = {
      ...card('default'),
      dimensions: [
        {
          key: 'use',
          weight: 1,
          measures: [
            {
              feature: 'usageVsOwn90',
              weight: 1,
              curve: [
                [-5, 0],
                [5, 100],
              ],
            },
          ],
        },
      ],
    };
    const [from, to] = [-4, -3].map((usageVsOwn90) =>
      scored({ card: withUse, account: { features: { usageVsOwn90 } } }),
    );
    const comparison = from && to && compareHealth(from, to);
    expect(comparison?.parts[0]?.text).toBe('usage far below its usual level, up slightly');
  });

  it('says that the definition changed when the customer is the same', () => {
    const comparison = compareHealth(
      scored({ account: { features: idle } }),
      scored({ card: strict, version: 2, account: { features: idle } }),
    );
    expect(comparison?.difference).not.toBe(0);
    expect(comparison).toMatchObject({ byCustomer: 0, byDefinition: comparison?.difference });
    expect(comparison?.parts).toEqual([
      expect.objectContaining({ kind: 'card', text: 'scorecard default version 1 → default version 2' }),
    ]);
  });

  it('tells both apart when both changed', () => {
    const before = scored({ account: { features: busy } });
    const unmoved = scored({ card: strict, version: 2, account: { features: busy } });
    const comparison = compareHealth(
      before,
      scored({ card: strict, version: 2, account: { features: idle } }),
    );
    expect(comparison?.byDefinition).toBe((unmoved.score.health ?? 0) - (before.score.health ?? 0));
    expect(comparison?.byCustomer).toBeLessThan(0);
  });

  it('says that the account moved when another card serves it for its stage', () => {
    const comparison = compareHealth(
      scored({ card: card('default-onboarding'), account: { stage: 'onboarding', features: busy } }),
      scored({ account: { stage: 'adopting', features: busy } }),
    );
    expect(comparison).toMatchObject({ byDefinition: 0, byCustomer: comparison?.difference });
    expect(comparison?.parts[0]?.text).toBe(
      'scorecard default-onboarding version 1 → default version 1, because of its stage onboarding → adopting',
    );
  });

  it('names caps and what was set by hand', () => {
    const urgent = { ...busy, oldestUrgentDays: 8 };
    const capped = compareHealth(
      scored({ account: { features: { ...busy, oldestUrgentDays: 0 } } }),
      scored({ account: { features: urgent }, override: { score: 90 } }),
    );
    expect(
      capped?.parts.filter(({ kind }) => kind !== 'feature').map(({ kind, text }) => [kind, text]),
    ).toEqual([
      ['override', 'overridden'],
      ['cap', 'capped: an urgent ticket open for 7 days or more'],
    ]);
  });
});

describe(compareRisk.name, () => {
  it('splits every difference of the logit into parts that add up to it exactly', () => {
    fc.assert(
      fc.property(made, made, (one, other) => {
        const [from, to] = [scored(one), scored(other)];
        const logitOf = ({ model, card: by, score }: DescribedScore) =>
          riskOf(model.churn, by.card, score, evaluate(by.card, score))?.logit;
        const [was, is] = [logitOf(from), logitOf(to)];
        const comparison = compareRisk(from, to);
        if (was === undefined || is === undefined) return comparison === null;
        expect(comparison?.difference).toBe(is - was);
        expect(sumOf(comparison)).toBe(is - was);
        return true;
      }),
      { numRuns: 500 },
    );
  });

  it('names nobody who has not moved for what rounding does', () => {
    fc.assert(
      fc.property(features, fc.integer({ min: 0, max: 10 }), (before, nps) => {
        const account = { features: { ...before, nps: 5 } };
        const comparison = compareRisk(
          scored({ account }),
          scored({ account: { features: { ...before, nps } } }),
        );
        expect(sumOf(comparison)).toBe(comparison?.difference);
        if (Math.abs(nps - 5) > 1) expect(comparison?.parts.map(({ key }) => key)).toEqual(['nps']);
      }),
    );
  });

  it('tells base rates that moved apart from the customer', () => {
    const account = { features: { daysSinceLastUse: 9 } };
    const comparison = compareRisk(scored({ account }), scored({ account, base: -25_000 }));
    expect(comparison).toMatchObject({ byCustomer: 0, byDefinition: comparison?.difference });
    expect(comparison?.parts).toEqual([expect.objectContaining({ kind: 'model', key: 'churn' })]);
  });

  it('names the tier that a fitted model looks at, and what a model that was learned has changed', () => {
    const before = scored({ account: { tier: 'smb' } });
    const fitted: FittedChurn = {
      basis: 'fitted',
      prior: before.model.churn as PriorModel,
      cards: [...DEFAULT_CARDS],
      ebm: {
        features: [{ name: 'tier', kind: 'category', categories: ['smb', 'enterprise'] }],
        coarse: [[0, 1, 2, 3]],
        intercept: -2,
        mains: [[0, 0.5, -0.25, 0]],
        pairs: [],
        bags: [],
      },
      calibration: { shift: 0, slope: 1, centre: -2 },
      later: [null, null, null],
      tail: null,
    };
    const after = scored({ account: { tier: 'enterprise' } });
    const comparison = compareRisk(before, { ...after, model: { ...after.model, churn: fitted } });
    expect(comparison?.byDefinition).toBe(5_000);
    expect(comparison?.parts).toContainEqual(
      expect.objectContaining({ key: 'tier', contribution: -7_500, text: 'tier smb → enterprise' }),
    );
    expect(sumOf(comparison)).toBe(comparison?.difference);
  });
});
