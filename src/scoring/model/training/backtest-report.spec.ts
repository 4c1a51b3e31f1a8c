import type { TestedWindow } from './backtest.js';
import { backtestReport } from './backtest-report.js';
import type { Question } from './question.js';

const ROWS = 40;

/** A tenth has left; each window has a base rate of its own. */
const window = (day: string, rate: number): TestedWindow => {
  const labels = Uint8Array.from({ length: ROWS }, (_, row) => (row % 10 === 0 ? 1 : 0));
  const told = Float64Array.from(labels, (label) => (label === 1 ? 0.3 : 0.1));
  return {
    origin: { day, learnedUntil: day, train: new Int32Array(), test: Int32Array.from(labels.keys()) },
    labels,
    account: Int32Array.from(labels.keys()),
    fitted: told,
    judgement: told,
    baseRate: new Float64Array(ROWS).fill(rate),
  };
};
const question = {
  table: { mrr: new Float64Array(ROWS).fill(100), outcomes: { goneDay: new Int32Array(ROWS) } },
} as unknown as Question;

describe(backtestReport.name, () => {
  const sut = backtestReport(question, [window('2024-06-30', 0.1), window('2024-03-31', 0.3)], []);

  it('gives no ranking for a constant, even if it differs between windows', () => {
    expect(sut.pooled.baseRate).toMatchObject({ auc: null, calibrationSlope: null, happened: 8 });
    expect(sut.pooled.baseRate.logLoss).toBeGreaterThan(0);
    expect(sut.windows.map(({ figures }) => figures.baseRate.auc)).toEqual([null, null]);
    expect(sut.pooled.judgement.auc).toBe(1);
  });
});
