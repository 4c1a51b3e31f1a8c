import fc from 'fast-check';
import { STATUSES } from '../features/account-features.js';
import { roundFeature, type Features } from '../features/catalogue.js';
import { CATALOGUE, type FeatureKey } from '../model/catalogue/catalogue.js';
import { DEFAULT_CARDS } from '../model/default-cards.js';
import { fitPropensityPrior } from '../model/propensity.js';
import { fitPrior } from '../model/prior-risk.js';
import { assess } from '../runs/assess.js';
import { pack, unpack } from './packed-score.js';

const layout = CATALOGUE.filter(({ key }) => key !== 'mrr').map(({ key, decimals }) => ({ key, decimals }));
const valueOf = (key: FeatureKey) =>
  fc
    .option(key === 'mrr' ? fc.nat(10_000_000) : fc.double({ min: -1_000, max: 1_000, noNaN: true }))
    .map((value) => roundFeature(key, value));
const features = fc
  .tuple(...CATALOGUE.map(({ key }) => valueOf(key).map((value) => [key, value] as const)))
  .map((entries) => Object.fromEntries(entries) as Features);
const card = {
  scorecardId: 3,
  version: 1,
  card: DEFAULT_CARDS[0],
  builtIn: true,
  retired: false,
  createdAt: new Date(0),
};
const model = {
  modelId: 5,
  version: 1,
  churn: fitPrior({ rows: [], churned: 3, windows: 40 }),
  contraction: fitPropensityPrior({ reference: [], scale: 0.35, happened: 1, windows: 40 }),
  expansion: fitPropensityPrior({ reference: [], scale: 1, happened: 2, windows: 40 }),
  terms: { margin: 0.8, yearlyRate: 0.1, horizonMonths: 60 },
};

describe(pack.name, () => {
  it('loses only the digits of a probability after the fourth', () => {
    fc.assert(
      fc.property(features, fc.constantFrom(...STATUSES), (values, status) => {
        const account = {
          accountId: 1,
          status,
          tier: 'smb',
          stage: 'adopting' as const,
          renewsAt: '2025-03-01',
          withoutRate: null,
          missingProduct: { name: 'Reports', shareOfPeers: 2 / 3 },
          features: values,
        };
        const assessment = assess(card, model, account);
        const { evaluation, risk, value, expansion, contraction, signals } = assessment;
        const packed = pack({ layoutId: 1, layout }, account, assessment);
        const { churn_risk, churn_risk_low, churn_risk_high, churn_risk12m } = packed;
        const shares = [churn_risk, churn_risk_low, churn_risk_high, churn_risk12m].map((one) => one ?? 0);
        const small = [...packed.contributions, ...packed.adjustments, ...shares];
        expect(small.every((n) => Number.isInteger(n) && Math.abs(n) < 2 ** 15)).toBe(true);
        expect(
          packed.features.every((n) => n === null || (Number.isInteger(n) && Math.abs(n) < 2 ** 31)),
        ).toBe(true);
        const unpacked = unpack(layout, packed);
        expect(unpacked).toMatchObject({
          status,
          tier: 'smb',
          stage: 'adopting',
          renewsAt: '2025-03-01',
          features: values,
          health: evaluation.score,
          band: evaluation.band,
          confidence: evaluation.confidence,
          contributions: evaluation.contributions,
          adjustments: evaluation.adjustments,
          signals,
        });
        expect([unpacked.risk === null, unpacked.money === null]).toEqual([risk === null, value === null]);
        if (risk) {
          const { probability, low, high, probability12m } = unpacked.risk ?? {};
          expect(probability).toBeCloseTo(risk.probability, 4);
          expect(low).toBeCloseTo(risk.low, 4);
          expect(high).toBeCloseTo(risk.high, 4);
          expect(probability12m).toBeCloseTo(risk.probability12m, 4);
        }
        if (value) {
          const { ltv, ltvLow, ltvHigh, expectedLoss } = value;
          expect(unpacked.money).toEqual({ ltv, ltvLow, ltvHigh, expectedLoss });
        }
        if (expansion !== null) expect(unpacked.expansion).toBeCloseTo(expansion, 4);
        if (contraction !== null) expect(unpacked.contraction).toBeCloseTo(contraction, 4);
      }),
    );
  });
});
