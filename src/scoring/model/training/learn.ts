import { calibrated } from '../calibration.js';
import type { RawColumn } from '../ebm/columns.js';
import type { RunTasks } from '../ebm/fit.js';
import { probabilityOf } from '../logit.js';
import { type Origins, originsOf, scaleAt, startOf, testAt, type TestedWindow } from './backtest.js';
import { backtestReport } from './backtest-report.js';
import { calibrateFit, type Calibrations } from './calibrate-fit.js';
import { type Chosen, columnsOf, type LeftOut } from './columns-of.js';
import { type Fitted, fitRows, type RowsToFit, scoreRows } from './fit-rows.js';
import { findLeaks, type Leak } from './leaks.js';
import type { ScaleFit } from './prior-scale.js';
import type { Question } from './question.js';
import type { TrainingReport } from './report.js';
import { accountsOf, happenedIn, matureDays, rowsOf } from './snapshots.js';
import { strongestOf } from './strongest.js';
import { takeRows } from './take-rows.js';
import { cannotTest, compare, decide, decideRefit, type Decision } from './takeover.js';

const STRONGEST = 20;

export type Progress = (step: string, done: number, total: number) => void;

/** The fitted model in use. */
export interface InUse {
  readonly features: readonly string[];
  /** Its probabilities for rows of the history. */
  readonly probabilities: (rows: Int32Array) => Float64Array;
}

export interface Learned {
  readonly scale: ScaleFit;
  /** Accounts that had the outcome. */
  readonly happened: number;
  /** Null: use the judgment. */
  readonly fitted: FittedPart | null;
  readonly report: TrainingReport;
}

export interface FittedPart {
  readonly ebm: Fitted['model'];
  readonly calibration: Calibrations;
  /** Scale of the judgment that it starts from. */
  readonly scale: number;
  readonly columns: readonly RawColumn[];
  /** Rows of the newest day. */
  readonly reference: Int32Array;
}

/** Learns a model from a history, or falls back to the judgment, and reports progress. `inUse`: null while the judgment is used. */
export async function learn(
  question: Question,
  inUse: InUse | null,
  run: RunTasks,
  progress: Progress,
): Promise<Learned> {
  const { table, labels } = question;
  const mature = matureDays(table, labels);
  const rows = rowsOf(table, labels, (index) => mature[index] === true);
  const scale = scaleAt(question, rows);
  const found = await search(question, columnsOf(table.columns, rows), run, progress);
  const wasFitted = inUse !== null;
  let decision =
    found.windows.length > 0
      ? decide(found.windows, question.words, wasFitted)
      : cannotTest(whyNot(question, found, rows), question.words, wasFitted);
  let fitted: FittedPart | null = null;
  if (decision.basis === 'fitted') {
    fitted = await fitAll(
      question,
      { columns: found.columns, rows, scale: startOf(question, scale) },
      found,
      run,
      progress,
    );
    // A model in use that relies on a leak would look better on past outcomes than any honest one.
    if (inUse && !found.leaks.some(({ feature }) => inUse.features.includes(feature)))
      decision = decideRefit(decision, refitAgainst(question, found, fitted, inUse));
  }
  return {
    scale,
    fitted,
    happened: happenedIn(table, labels, rows),
    report: reportOf(question, { rows, scale, found, decision, fitted }),
  };
}

/** Results of the backtests. */
interface Found {
  readonly origins: Origins;
  readonly leaks: readonly Leak[];
  readonly columns: readonly RawColumn[];
  readonly leftOut: readonly LeftOut[];
  /** Empty: nothing could be tested. */
  readonly windows: readonly TestedWindow[];
}

async function search(
  question: Question,
  { columns: usable, leftOut }: Chosen,
  run: RunTasks,
  progress: Progress,
): Promise<Found> {
  const origins = originsOf(question);
  const days = usable.length > 0 ? origins.origins : [];
  progress('leaks', 0, 1);
  const leaks = await findLeaks(question, days, usable, run);
  progress('leaks', 1, 1);
  const suspected = new Set(leaks.map(({ feature }) => feature));
  const columns = usable.filter(({ name }) => !suspected.has(name));
  const windows: TestedWindow[] = [];
  for (const origin of columns.length > 0 ? days : []) {
    progress('backtest', windows.length, days.length);
    windows.push(await testAt(question, origin, columns, run));
    progress('backtest', windows.length, days.length);
  }
  const reasons = [...suspected].map((feature): LeftOut => ({ feature, reason: 'suspected leak' }));
  return { origins, leaks, columns, leftOut: [...leftOut, ...reasons], windows };
}

function whyNot({ words, labels, table }: Question, { origins, columns }: Found, rows: Int32Array): string {
  if (columns.length === 0) return 'no feature can be used';
  const [newest] = origins.skipped;
  if (newest) return newest.reason;
  const happened = happenedIn(table, labels, rows);
  return `no past day has a known outcome yet; ${happened} accounts ${words.happened}`;
}

async function fitAll(
  question: Question,
  asked: RowsToFit,
  { origins }: Found,
  run: RunTasks,
  progress: Progress,
): Promise<FittedPart> {
  const { table } = question;
  const newest = table.days.length - 1;
  const reference = Int32Array.from(table.day.keys()).filter((row) => table.day[row] === newest);
  progress('fit', 0, 1);
  const fitted = await fitRows(question, { ...asked, reference }, question.efforts.final, run);
  const windows = origins.origins.flatMap(({ test: rows }) => [...rows]);
  const calibration = calibrateFit(question, fitted, { ...asked, rows: Int32Array.from(windows) });
  progress('fit', 1, 1);
  const { columns, scale } = asked;
  return { ebm: fitted.model, calibration, scale, columns, reference };
}

/** Compares on the newest window. Both may have learned from it, so this only shows whether the new model went wrong. */
function refitAgainst(
  question: Question,
  { origins }: Found,
  { ebm, calibration, scale, columns }: FittedPart,
  inUse: InUse,
): ReturnType<typeof compare> {
  const { table, labels } = question;
  const rows = origins.origins[0]?.test ?? new Int32Array(0);
  return compare([
    {
      labels: rows.map((row) => labels[row] as number),
      account: rows.map((row) => table.account[row] as number),
      one: scoreRows(question, ebm, { columns, rows, scale }).map((logit) =>
        probabilityOf(calibrated(calibration.newest, logit)),
      ),
      other: inUse.probabilities(rows),
    },
  ]);
}

function reportOf(
  question: Question,
  {
    rows,
    scale,
    found,
    decision,
    fitted,
  }: { rows: Int32Array; scale: ScaleFit; found: Found; decision: Decision; fitted: FittedPart | null },
): TrainingReport {
  const { table, labels } = question;
  return {
    data: {
      days: table.days.length,
      from: table.days[0] ?? null,
      until: table.days.at(-1) ?? null,
      rows: rows.length,
      accounts: accountsOf(table, rows),
      happened: happenedIn(table, labels, rows),
      currency: table.currency ?? null,
      featuresUsed: found.columns.map(({ name }) => name),
      featuresLeftOut: found.leftOut,
    },
    leaks: found.leaks,
    prior: { scale: scale.scale, baseProbability: probabilityOf(scale.base), windows: scale.windows },
    backtest:
      found.windows.length > 0 ? backtestReport(question, found.windows, found.origins.skipped) : null,
    decision,
    calibration: fitted?.calibration.today ?? null,
    strongest: fitted
      ? strongestOf(fitted.ebm, takeRows(fitted.columns, fitted.reference)).slice(0, STRONGEST)
      : [],
  };
}
