import type { Efforts } from '../../src/scoring/model/training/effort.js';
import type { Question } from '../../src/scoring/model/training/question.js';
import { historyOf, type HistoryOptions } from './history.js';

const effort = { bags: 3, pairs: 0, maxRows: 190_000 };
/** Small effort that is enough for tests. */
export const QUICK: Efforts = { final: effort, backtest: effort, later: effort };

/** Churn within 90 days at a made-up company. */
export function questionOf(options: HistoryOptions): Question {
  const table = historyOf(options);
  return {
    table,
    labels: table.outcomes.churn[0],
    x: table.health.map((health) => -health),
    scale: { mean: 0.35, sd: 0.175 },
    maxStart: 0.35,
    monotone: {},
    words: { happened: 'churned', judgement: 'the scorecard' },
    efforts: QUICK,
    seed: 1,
  };
}
