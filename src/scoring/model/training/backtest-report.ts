import type { Skipped, TestedWindow } from './backtest.js';
import type { Question } from './question.js';
import { dayNumber } from './snapshots.js';
import { figuresOf, type Judged, type WindowFigures } from './window-figures.js';

/** Number of accounts a team can call per window; a judgment call. */
export const CALLS = 50;

export interface BacktestReport {
  /** The `k` of the figures. */
  readonly calls: number;
  /** Newest first. */
  readonly windows: readonly WindowReport[];
  readonly skipped: readonly Skipped[];
  readonly pooled: WindowReport['figures'];
}

export interface WindowReport {
  /** The UTC day the predictions were made on. */
  readonly origin: string;
  /** The latest day whose outcomes were known then. */
  readonly learnedUntil: string;
  readonly learnedRows: number;
  readonly figures: {
    readonly fitted: WindowFigures;
    readonly judgement: WindowFigures;
    readonly baseRate: WindowFigures;
  };
}

type Predicted = keyof WindowReport['figures'];

export function backtestReport(
  question: Question,
  windows: readonly TestedWindow[],
  skipped: readonly Skipped[],
  calls = CALLS,
): BacktestReport {
  const facts = windows.map((window) => factsOf(question, window));
  const of = (by: Predicted, index: number): Judged => ({
    ...(facts[index] as Omit<Judged, 'probabilities'>),
    probabilities: (windows[index] as TestedWindow)[by],
  });
  const each = (figures: (by: Predicted) => WindowFigures): WindowReport['figures'] => ({
    fitted: figures('fitted'),
    judgement: figures('judgement'),
    baseRate: ofConstant(figures('baseRate')),
  });
  return {
    calls,
    skipped,
    windows: windows.map(({ origin: { day, learnedUntil, train } }, index) => ({
      origin: day,
      learnedUntil,
      learnedRows: train.length,
      figures: each((by) => figuresOf(of(by, index), calls)),
    })),
    // The team calls the same number in every window.
    pooled: each((by) =>
      figuresOf(together(windows.map((_, index) => of(by, index))), calls * windows.length),
    ),
  };
}

/** One probability for all accounts ranks nobody, even if it differs between windows. */
function ofConstant(figures: WindowFigures): WindowFigures {
  return { ...figures, auc: null, calibrationSlope: null };
}

function factsOf(
  { table }: Question,
  { origin: { day, test }, labels }: TestedWindow,
): Omit<Judged, 'probabilities'> {
  const { mrr, outcomes } = table;
  const from = dayNumber(day);
  return {
    labels,
    mrr: Float64Array.from(test, (row) => mrr[row] as number),
    daysUntilGone: Int32Array.from(test, (row, at) =>
      labels[at] === 1 && (outcomes.goneDay[row] as number) > 0
        ? (outcomes.goneDay[row] as number) - from
        : 0,
    ),
  };
}

function together(parts: readonly Judged[]): Judged {
  const all = <Values extends Uint8Array | Float64Array | Int32Array>(
    into: Values,
    of: (part: Judged) => Values,
  ): Values => {
    let at = 0;
    for (const part of parts) {
      into.set(of(part), at);
      at += of(part).length;
    }
    return into;
  };
  const rows = parts.reduce((total, { labels }) => total + labels.length, 0);
  return {
    labels: all(new Uint8Array(rows), ({ labels }) => labels),
    probabilities: all(new Float64Array(rows), ({ probabilities }) => probabilities),
    mrr: all(new Float64Array(rows), ({ mrr }) => mrr),
    daysUntilGone: all(new Int32Array(rows), ({ daysUntilGone }) => daysUntilGone),
  };
}
