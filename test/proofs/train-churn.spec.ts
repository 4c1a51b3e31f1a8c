import { historyOf, type HistoryOptions, type Situation } from '../support/history.js';
import { QUICK } from '../support/question.js';
import { probabilityOf } from '../../src/scoring/model/logit.js';
import { type ChurnTraining, trainChurn } from '../../src/scoring/model/training/train-churn.js';
import type { FittedChurn } from '../../src/scoring/model/training/trained.js';

const inputOf = (options: Partial<HistoryOptions>, more: Partial<ChurnTraining> = {}): ChurnTraining => ({
  table: historyOf({ accounts: 250, months: 17, law: ({ x: [a = 0, b = 0] }) => -3.2 + a + b, ...options }),
  lifetimes: [
    { entry: 0, time: 10, churned: true, count: 40 },
    { entry: 3, time: 20, churned: false, count: 100 },
  ],
  cards: [],
  prior: { means: { standard: [50] } },
  seed: 1,
  previous: null,
  efforts: QUICK,
  ...more,
});

describe(trainChurn.name, () => {
  it('switches to a fitted model with skill, deterministically for a seed', async () => {
    const input = inputOf({});
    const { model, report } = await trainChurn(input);
    const fitted = model as FittedChurn;
    expect(fitted.basis).toBe('fitted');
    expect(report.decision).toMatchObject({ taken: true, basis: 'fitted' });
    expect(report.decision.text).toMatch(/^the fitted model has a log-loss lower by [.\d]+ ± [.\d]+ than/);
    expect(report.strongest[0]?.features).toEqual(['x1']);
    expect(fitted.ebm.bags).toHaveLength(3);
    expect(fitted.later[0]?.bags).toHaveLength(3);
    expect(fitted.tail?.expected.alpha).toBeGreaterThan(0);
    expect(report.backtest?.pooled.fitted.auc).toBeGreaterThan(report.backtest?.pooled.judgement.auc ?? 1);
    expect(Math.abs(fitted.calibration.shift)).toBeLessThan(0.3);
    expect(JSON.parse(JSON.stringify({ model, report }))).toEqual({ model, report });
    expect(await trainChurn(input)).toEqual({ model, report });
  });

  it('keeps the scorecard at a constant hazard, in 19 of 20 companies', async () => {
    const bases: string[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const { model, report } = await trainChurn(
        inputOf({ accounts: 150, months: 12, law: () => -3, seed, features: 3 }, { seed }),
      );
      expect(report.backtest).not.toBeNull();
      expect(report.leaks).toEqual([]);
      bases.push(model.basis);
    }
    expect(bases.filter((basis) => basis === 'prior').length).toBeGreaterThanOrEqual(19);
  });

  it('excludes a leak from the model and names it', async () => {
    const known = (label: number, random: () => number) => Math.max(0, label) + 0.3 * random();
    const { model, report } = await trainChurn(inputOf({ leaks: { 'trait.reason': known } }));
    expect(report.leaks.map(({ feature }) => feature)).toEqual(['trait.reason']);
    expect(report.data.featuresLeftOut).toContainEqual({
      feature: 'trait.reason',
      reason: 'suspected leak',
    });
    expect(report.data.featuresUsed).not.toContain('trait.reason');
    expect(JSON.stringify(model)).not.toContain('trait.reason');
    expect(report.backtest?.pooled.fitted.auc).toBeLessThan(0.9);
  });

  it('gives no feature an absurd effect', async () => {
    // A longer wait for help that says the account stays.
    const law = ({ x: [a = 0, b = 0, c = 0] }: Situation) => -3.2 + a - b + 1.2 * c;
    const { table, ...rest } = inputOf({ law });
    const columns = table.columns.map((column) =>
      column.name === 'x1' ? { ...column, name: 'oldestUrgentDays' } : column,
    );
    const { model } = await trainChurn({ ...rest, table: { ...table, columns } });
    const { ebm } = model as FittedChurn;
    const shape = ebm.mains[ebm.features.findIndex(({ name }) => name === 'oldestUrgentDays')] ?? [];
    expect(shape.length).toBeGreaterThan(10);
    shape
      .slice(1)
      .forEach((value, bin) =>
        expect(value).toBeGreaterThanOrEqual((shape[bin] ?? 0) - (bin > 0 ? 1e-6 : 9)),
      );
  });

  it('replaces a fitted model with a refit unless it is worse', async () => {
    const input = inputOf({ seed: 2 });
    const { model } = await trainChurn(input);
    const previous = model as FittedChurn;
    const same = await trainChurn({ ...input, seed: 2, previous });
    expect(same.report.decision).toMatchObject({ taken: true, basis: 'fitted' });
    expect(same.report.decision.comparisons.inUse?.difference).toBeCloseTo(0, 1);
    const wrong = { ...previous, calibration: { shift: 2, slope: 1, centre: 0 } };
    const better = await trainChurn({ ...input, previous: wrong });
    expect(better.report.decision.taken).toBe(true);
    expect(better.report.decision.comparisons.inUse?.difference).toBeLessThan(-0.1);
  });

  it('replaces a fitted model that used a leak, however good it looks', async () => {
    const known = (label: number, random: () => number) => Math.max(0, label) + 0.3 * random();
    const input = inputOf({ leaks: { 'trait.reason': known } });
    const fitted = (await trainChurn(input)).model as FittedChurn;
    const leaky: FittedChurn = {
      ...fitted,
      ebm: {
        features: [{ name: 'trait.reason', kind: 'numeric', cuts: [0.65], monotone: 0 }],
        coarse: [[0, 1, 2]],
        intercept: 0,
        mains: [[0, -6, 6]],
        pairs: [],
        bags: [],
      },
      calibration: { shift: 0, slope: 1, centre: 0 },
    };
    const { report } = await trainChurn({ ...input, previous: leaky });
    expect(report.decision).toMatchObject({ taken: true, basis: 'fitted', comparisons: { inUse: null } });
  });

  it('keeps the scorecard, slightly rescaled, with 300 accounts and 5 churned', async () => {
    const input = inputOf({ accounts: 300, months: 8, law: () => -6.2, seed: 3 });
    const { model, report } = await trainChurn(input);
    expect(report.data.happened).toBeGreaterThan(0);
    expect(report.data.happened).toBeLessThan(12);
    expect(model).toMatchObject({ basis: 'prior', churned: report.data.happened, means: { standard: [50] } });
    expect(Math.abs(report.prior.scale - 0.35)).toBeLessThan(0.175);
    expect(report.decision.text).toMatch(/^stays on the scorecard: only \d accounts had churned/);
    expect(report.backtest).toBeNull();
  });

  it.each([
    ['nobody has left', { law: () => -99 }],
    ['there is one day', { months: 1 }],
    ['there is no account', { accounts: 0 }],
    ['all leave at once', { law: () => 99 }],
  ])('keeps the scorecard when %s', async (_, options) => {
    const { model, report } = await trainChurn(inputOf({ accounts: 60, months: 9, ...options }));
    if (model.basis !== 'prior') throw new Error('a model was fitted');
    expect(Number.isFinite(probabilityOf(model.base))).toBe(true);
    expect(Number.isFinite(model.kappa)).toBe(true);
    expect(report.decision.taken).toBe(true);
    expect(report.decision.text).toContain('stays on the scorecard: ');
  });
});
