import type { BacktestReport } from './backtest-report.js';
import type { Decision } from './takeover.js';
import { verdictOn } from './verdict.js';
import type { WindowFigures } from './window-figures.js';

const figures = (auc: number | null, observedToExpected: number | null): WindowFigures =>
  ({ auc, observedToExpected, happened: 40 }) as WindowFigures;
const report = (basis: Decision['basis'], fitted: WindowFigures, judgement: WindowFigures) => ({
  backtest: { windows: [{}, {}], pooled: { fitted, judgement } } as unknown as BacktestReport,
  decision: { basis } as Decision,
});

describe(verdictOn.name, () => {
  it.each([
    [0.8, 1, 'good', 'accurate'],
    [0.79, 1.25, 'fair', 'accurate'],
    [0.7, 0.8, 'fair', 'accurate'],
    [0.69, 1.26, 'poor', 'too low'],
    [0.54, 0.79, 'none', 'too high'],
    [null, null, 'none', null],
  ])('rates an AUC of %d and %d observed to expected: %s, %s', (auc, ratio, ranking, level) => {
    const of = figures(auc, ratio);
    expect(verdictOn('churn', report('fitted', of, figures(0.9, 5)))).toMatchObject({ ranking, level });
    expect(verdictOn('churn', report('prior', figures(0.9, 5), of))).toMatchObject({ ranking, level });
  });

  it('is summarized in a sentence', () => {
    const { text } = verdictOn('churn', report('fitted', figures(0.836, 1.6), figures(0.5, 1)));
    expect(text).toBe(
      'Good ranking: AUC 0.84 (picks the account that churns in 84 of 100 pairs); 40 churned, 25 predicted, over 2 test days.',
    );
    const { text: none } = verdictOn('expansion', report('prior', figures(0.9, 1), figures(0.5, 1)));
    expect(none).toMatch(/^No better than chance at ranking accounts; 40 expanded, 40 predicted/);
  });

  it('states that nothing was tested', () => {
    const untested = { backtest: null, decision: { basis: 'prior' } as Decision };
    expect(verdictOn('contraction', untested)).toEqual({
      ranking: 'none',
      level: null,
      text: 'Not tested yet: too little history.',
    });
  });
});
