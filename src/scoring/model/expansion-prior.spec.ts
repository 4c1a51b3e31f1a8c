import { signalsOf } from './expansion.js';
import { expansionProbability, fitExpansionPrior } from './expansion-prior.js';
import type { FeatureValues } from './scored-account.js';

const account = (features: FeatureValues) => ({
  features,
  status: 'active' as const,
  missingProduct: null,
});

describe(expansionProbability.name, () => {
  const many = signalsOf(
    account({ licenceUse28: 1, limitUse: 1, usageGrowth28: 30, usageGrowthPrior28: 30 }),
  );
  const one = many.slice(0, 1);

  it('meets the base rate on average over the reference', () => {
    const reference = [[], [], one, many];
    const sut = fitExpansionPrior({ reference, expanded: 7, windows: 60 });
    const all = reference.map((signals) => expansionProbability(sut, 'active', signals) ?? 0);
    expect(all.reduce((sum, p) => sum + p, 0) / 4).toBeCloseTo(0.1, 9);
    expect(all[0]).toBeLessThan(all[2] ?? 0);
    expect(all[2]).toBeLessThan(all[3] ?? 0);
  });

  it('is 1 in 20 before anything was seen, and nothing for who is not there to expand', () => {
    const sut = fitExpansionPrior({ reference: [], expanded: 0, windows: 0 });
    expect(expansionProbability(sut, 'active', [])).toBeCloseTo(0.05, 12);
    expect((['trial', 'leaving', 'churned'] as const).map((s) => expansionProbability(sut, s, one))).toEqual([
      null,
      null,
      null,
    ]);
  });
});
