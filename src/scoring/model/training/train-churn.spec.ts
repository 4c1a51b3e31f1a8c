import { historyOf, type HistoryOptions } from '../../../../test/support/history.js';
import { probabilityOf } from '../logit.js';
import { type ChurnTraining, trainChurn } from './train-churn.js';
import type { FittedChurn } from './trained.js';

const inputOf = (options: Partial<HistoryOptions>, more: Partial<ChurnTraining> = {}): ChurnTraining => ({
  table: historyOf({ accounts: 400, months: 20, law: ({ x: [a = 0, b = 0] }) => -3.4 + a + b, ...options }),
  lifetimes: [
    { entry: 0, time: 10, churned: true, count: 40 },
    { entry: 3, time: 20, churned: false, count: 100 },
  ],
  cards: [],
  prior: { means: { standard: [50] } },
  seed: 1,
  previous: null,
  ...more,
});

describe(trainChurn.name, () => {
  it('takes over a fitted model where there is skill, and fits the same again for a seed', async () => {
    const input = inputOf({});
    const { model, report } = await trainChurn(input);
    const fitted = model as FittedChurn;
    expect(fitted.basis).toBe('fitted');
    expect(report.decision).toMatchObject({ taken: true, basis: 'fitted' });
    expect(report.decision.text).toMatch(/^the fitted model has a log-loss lower by [.\d]+ ± [.\d]+ than/);
    expect(report.strongest[0]?.features).toEqual(['x1']);
    expect(fitted.ebm.bags).toHaveLength(14);
    expect(fitted.later[0]?.bags).toHaveLength(4);
    expect(fitted.tail?.alpha).toBeGreaterThan(0);
    expect(report.backtest?.pooled.fitted.auc).toBeGreaterThan(report.backtest?.pooled.judgement.auc ?? 1);
    expect(Math.abs(fitted.calibration.shift)).toBeLessThan(0.3);
    expect(JSON.parse(JSON.stringify({ model, report }))).toEqual({ model, report });
    expect(await trainChurn(input)).toEqual({ model, report });
  });

  it('stays on the scorecard, its scale moved a little, with 300 accounts and 5 churned', async () => {
    const input = inputOf({ accounts: 300, months: 8, law: () => -6.2, seed: 3 });
    const { model, report } = await trainChurn(input);
    expect(report.data.happened).toBeGreaterThan(0);
    expect(report.data.happened).toBeLessThan(12);
    expect(model).toMatchObject({ basis: 'prior', churned: report.data.happened, means: { standard: [50] } });
    expect(Math.abs(report.prior.scale - 0.35)).toBeLessThan(0.175);
    expect(report.decision.text).toMatch(/^stays on the scorecard: only \d accounts have left/);
    expect(report.backtest).toBeNull();
  });

  it.each([
    ['nobody has left', { law: () => -99 }],
    ['there is one day', { months: 1 }],
    ['there is no account', { accounts: 0 }],
    ['all leave at once', { law: () => 99 }],
  ])('stays on the scorecard when %s', async (_, options) => {
    const { model, report } = await trainChurn(inputOf({ accounts: 60, months: 9, ...options }));
    if (model.basis !== 'prior') throw new Error('a model was fitted');
    expect(Number.isFinite(probabilityOf(model.base))).toBe(true);
    expect(Number.isFinite(model.kappa)).toBe(true);
    expect(report.decision.taken).toBe(true);
    expect(report.decision.text).toContain('stays on the scorecard: ');
  });
});
