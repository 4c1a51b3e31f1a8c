import type { RawColumn } from '../ebm/columns.js';
import type { RunTasks } from '../ebm/fit.js';
import { probabilityOf } from '../logit.js';
import { fitRows, scoreRows } from './fit-rows.js';
import { fitScale, type ScaleFit } from './prior-scale.js';
import type { Question } from './question.js';
import {
  accountsOf,
  dayNumber,
  happenedIn,
  matureDays,
  matureAfter,
  rowsOf,
  rowWeight,
} from './snapshots.js';

/** Maximum number of tested windows. */
const MAX_ORIGINS = 6;
/** Month-ends a quarter apart can be slightly less than 90 days apart. */
const ORIGIN_GAP_DAYS = 89;
/** Minimum accounts with the outcome to learn from; a judgment call. */
export const MIN_HAPPENED = 20;

/** A past day to predict from with what was known on it. */
export interface Origin {
  readonly day: string;
  /** Rows of the day. */
  readonly test: Int32Array;
  /** Rows whose outcome was known on the day. */
  readonly train: Int32Array;
  /** The newest of those days. */
  readonly learnedUntil: string;
}

export interface Skipped {
  readonly origin: string;
  /** For people. */
  readonly reason: string;
}

export interface Origins {
  /** Newest first. */
  readonly origins: readonly Origin[];
  readonly skipped: readonly Skipped[];
}

export interface TestedWindow {
  readonly origin: Origin;
  readonly labels: Uint8Array;
  /** Rows of the question's history. */
  readonly account: Int32Array;
  readonly fitted: Float64Array;
  readonly judgement: Float64Array;
  readonly baseRate: Float64Array;
}

/**
 * Up to six days with known outcomes and non-overlapping windows, newest first. Training rows are at least 120 days older, so that their
 * outcomes were known on the day.
 */
export function originsOf(question: Question): Origins {
  const { table, labels } = question;
  const mature = matureDays(table, labels);
  const numbers = table.days.map(dayNumber);
  const gap = matureAfter(table);
  const origins: Origin[] = [];
  const skipped: Skipped[] = [];
  let next = Infinity;
  for (let index = numbers.length - 1; index >= 0; index--) {
    const at = numbers[index] as number;
    if (origins.length + skipped.length === MAX_ORIGINS) break;
    if (!mature[index] || at > next) continue;
    next = at - ORIGIN_GAP_DAYS;
    const known = (other: number): boolean =>
      mature[other] === true && (numbers[other] as number) + gap <= at;
    const day = table.days[index] as string;
    const train = rowsOf(table, labels, known);
    const reason = whyNot(question, train);
    if (reason !== null) {
      skipped.push({ origin: day, reason });
      continue;
    }
    const learnedUntil = table.days[table.day[train.at(-1) as number] as number] as string;
    origins.push({ day, train, learnedUntil, test: rowsOf(table, labels, (other) => other === index) });
  }
  return { origins, skipped };
}

function whyNot({ table, labels, words }: Question, train: Int32Array): string | null {
  const happened = happenedIn(table, labels, train);
  if (happened < MIN_HAPPENED)
    return `only ${happened} accounts had ${words.happened} by then; ${MIN_HAPPENED} are needed`;
  const others = accountsOf(table, train, (row) => labels[row] === 0);
  if (others < MIN_HAPPENED) return `all but ${others} accounts had ${words.happened} by then`;
  return null;
}

/** The judgment alone, scaled by what was known on the day. */
export function scaleAt({ table, labels, x, scale }: Question, rows: Int32Array): ScaleFit {
  return fitScale({ x, labels, rows, weight: rowWeight(table.days) }, scale);
}

/** The scale of the judgment that a fit starts from. */
export function startOf({ maxStart }: Question, { scale }: ScaleFit): number {
  return Math.min(maxStart, scale);
}

/** Learns from what was known on a past day and predicts its outcomes with the boosted model, the judgment and the base rate. */
export async function testAt(
  question: Question,
  origin: Origin,
  columns: readonly RawColumn[],
  run: RunTasks,
): Promise<TestedWindow> {
  const { table, labels, x, efforts } = question;
  const { train, test } = origin;
  const judged = scaleAt(question, train);
  const scale = startOf(question, judged);
  const { model } = await fitRows(question, { columns, rows: train, scale }, efforts.backtest, run);
  return {
    origin,
    labels: Uint8Array.from(test, (row) => labels[row] as number),
    account: Int32Array.from(test, (row) => table.account[row] as number),
    fitted: scoreRows(question, model, { columns, rows: test, scale }).map(probabilityOf),
    judgement: Float64Array.from(test, (row) =>
      probabilityOf(judged.base + judged.scale * (x[row] as number)),
    ),
    baseRate: new Float64Array(test.length).fill(judged.rate),
  };
}
