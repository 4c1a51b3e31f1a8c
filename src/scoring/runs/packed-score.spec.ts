import fc from 'fast-check';
import { CATALOGUE, roundFeature, type FeatureKey, type Features } from '../features/catalogue.js';
import { DEFAULT_CARD } from '../model/default-card.js';
import { evaluate } from '../model/evaluate.js';
import { pack, unpack } from './packed-score.js';

const layout = CATALOGUE.filter(({ key }) => key !== 'mrr').map(({ key, decimals }) => ({ key, decimals }));
const valueOf = (key: FeatureKey) =>
  fc
    .option(key === 'mrr' ? fc.maxSafeNat() : fc.double({ min: -1_000, max: 1_000, noNaN: true }))
    .map((value) => roundFeature(key, value));
const features = fc
  .tuple(...CATALOGUE.map(({ key }) => valueOf(key).map((value) => [key, value] as const)))
  .map((entries) => Object.fromEntries(entries) as Features);

describe(pack.name, () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(features, (values) => {
        const account = {
          accountId: 1,
          status: 'leaving' as const,
          tier: 'smb',
          stage: 'adopting' as const,
          renewsAt: null,
          withoutRate: null,
          features: values,
        };
        const evaluation = evaluate(DEFAULT_CARD, account);
        const packed = pack(layout, account, evaluation);
        const numbers = [...packed.features, ...packed.contributions, ...packed.measure_scores].filter(
          (n) => n !== null,
        );
        expect(numbers.every((n) => Number.isInteger(n) && Math.abs(n) < 2 ** 31)).toBe(true);
        expect(unpack(layout, packed)).toEqual({
          status: 'leaving',
          tier: 'smb',
          stage: 'adopting' as const,
          renewsAt: null,
          features: values,
          evaluation,
        });
      }),
    );
  });
});
