import type { Skipped, TestedWindow } from './backtest.js';
import type { Question } from './question.js';
import { dayNumber } from './snapshots.js';
import { figuresOf, type Judged, type WindowFigures } from './window-figures.js';

/** How many accounts a team is thought to be able to call in the time. */
export const CALLS = 50;

export interface BacktestReport {
  /** The `k` of the figures. */
  readonly calls: number;
  /** The newest first. */
  readonly windows: readonly WindowReport[];
  readonly skipped: readonly Skipped[];
  readonly pooled: WindowReport['figures'];
}

export interface WindowReport {
  /** The UTC day that was predicted from. */
  readonly origin: string;
  /** The newest day whose outcomes were known then. */
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
  const of = (by: Predicted, place: number): Judged => ({
    ...(facts[place] as Omit<Judged, 'probabilities'>),
    probabilities: (windows[place] as TestedWindow)[by],
  });
  const each = (figures: (by: Predicted) => WindowFigures): WindowReport['figures'] => ({
    fitted: figures('fitted'),
    judgement: figures('judgement'),
    baseRate: ofConstant(figures('baseRate')),
  });
  return {
    calls,
    skipped,
    windows: windows.map(({ origin: { day, learnedUntil, train } }, place) => ({
      origin: day,
      learnedUntil,
      learnedRows: train.length,
      figures: each((by) => figuresOf(of(by, place), calls)),
    })),
    // In each window as many are called anew.
    pooled: each((by) =>
      figuresOf(together(windows.map((_, place) => of(by, place))), calls * windows.length),
    ),
  };
}

/** The same for all puts nobody ahead of another, also where it differs from window to window. */
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
