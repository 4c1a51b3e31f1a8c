import { historyOf, type HistoryOptions } from '../support/history.js';
import { QUICK } from '../support/question.js';
import { trainPropensity } from '../../src/scoring/model/training/train-propensity.js';

const inputOf = (options: Partial<HistoryOptions> = {}) => ({
  table: historyOf({ accounts: 200, months: 16, law: () => -5, ...options }),
  seed: 1,
  previous: null,
  efforts: QUICK,
});

describe(trainPropensity.name, () => {
  it('fits expansion on top of the signals and replaces the model in use', async () => {
    const input = inputOf();
    const { model, report } = await trainPropensity('expansion', input);
    if (model.basis !== 'fitted') throw new Error(report.decision.text);
    expect(report.strongest[0]?.features).toEqual(['x1']);
    expect(report.decision.text).toMatch(/than the signals over \d windows$/);
    // A signal stands for more than the one logit that it was thought to.
    expect(model.scale).toBeGreaterThan(1.2);
    const again = await trainPropensity('expansion', { ...input, previous: model });
    expect(again.report.decision.comparisons.inUse?.difference).toBeCloseTo(0, 3);
    expect(again.model).toEqual(model);
  });

  it('fits contraction on top of poor health', async () => {
    const { model, report } = await trainPropensity('contraction', inputOf());
    expect(model.basis).toBe('fitted');
    expect(report.strongest[0]?.features).toEqual(['x2']);
  });

  it.each(['contraction', 'expansion'] as const)(
    'keeps the prior of %s with a short history',
    async (key) => {
      const { model, report } = await trainPropensity(key, inputOf({ months: 5 }));
      expect(model).toMatchObject({ basis: 'prior', happened: report.data.happened });
      expect(Object.values(model).slice(1).every(Number.isFinite)).toBe(true);
      expect(report.decision.text).toMatch(/^stays on the (scorecard|signals): /);
    },
  );
});
