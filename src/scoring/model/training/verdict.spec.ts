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
    [0.8, 1, 'good', 'right'],
    [0.79, 1.25, 'fair', 'right'],
    [0.7, 0.8, 'fair', 'right'],
    [0.69, 1.26, 'poor', 'tells too little'],
    [0.54, 0.79, 'none', 'tells too much'],
    [null, null, 'none', null],
  ])('says of an AUC of %d and %d observed to expected: %s, %s', (auc, ratio, ranking, level) => {
    const of = figures(auc, ratio);
    expect(verdictOn('churn', report('fitted', of, figures(0.9, 5)))).toMatchObject({ ranking, level });
    expect(verdictOn('churn', report('prior', figures(0.9, 5), of))).toMatchObject({ ranking, level });
  });

  it('says it in a sentence', () => {
    const { text } = verdictOn('churn', report('fitted', figures(0.836, 1.6), figures(0.5, 1)));
    expect(text).toBe(
      'Tells well who leaves: of two accounts it had the right one ahead in 84 of 100 cases; 40 left where it had foretold 25, on the 2 days that it had not seen.',
    );
    const { text: none } = verdictOn('expansion', report('prior', figures(0.9, 1), figures(0.5, 1)));
    expect(none).toMatch(/^Does not tell who will pay more; 40 paid more where it had foretold 40/);
  });

  it('says of what was not tested that it was not', () => {
    const untested = { backtest: null, decision: { basis: 'prior' } as Decision };
    expect(verdictOn('contraction', untested)).toEqual({
      ranking: 'none',
      level: null,
      text: 'Not tested how well it tells who will pay less.',
    });
  });
});
