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

/** Windows that are tested. */
const MOST_ORIGINS = 6;
/** Month-ends a quarter apart may be a day nearer to each other than 90 days. */
const ORIGIN_GAP_DAYS = 89;
/** Accounts to which it has happened, below which there is nothing to learn from; a judgement. */
export const LEAST_HAPPENED = 20;

/** A past day on which predictions would have been made, by what was known on it. */
export interface Origin {
  readonly day: string;
  /** Rows of the day. */
  readonly test: Int32Array;
  /** Rows whose outcome was known on the day. */
  readonly train: Int32Array;
  /** The newest day of those. */
  readonly learnedUntil: string;
}

export interface Skipped {
  readonly origin: string;
  /** For people. */
  readonly reason: string;
}

export interface Origins {
  /** The newest first. */
  readonly origins: readonly Origin[];
  readonly skipped: readonly Skipped[];
}

export interface TestedWindow {
  readonly origin: Origin;
  readonly labels: Uint8Array;
  /** Of the question's history. */
  readonly account: Int32Array;
  readonly fitted: Float64Array;
  readonly judgement: Float64Array;
  readonly baseRate: Float64Array;
}

/**
 * Up to six days with known outcomes whose windows do not overlap, the newest first. What is learned from has its outcome known by then: it is at
 * least 120 days older.
 */
export function originsOf(question: Question): Origins {
  const { table, labels } = question;
  const mature = matureDays(table, labels);
  const numbers = table.days.map(dayNumber);
  const gap = matureAfter(table);
  const origins: Origin[] = [];
  const skipped: Skipped[] = [];
  let next = Infinity;
  for (let place = numbers.length - 1; place >= 0; place--) {
    const at = numbers[place] as number;
    if (origins.length + skipped.length === MOST_ORIGINS) break;
    if (!mature[place] || at > next) continue;
    next = at - ORIGIN_GAP_DAYS;
    const known = (other: number): boolean =>
      mature[other] === true && (numbers[other] as number) + gap <= at;
    const day = table.days[place] as string;
    const train = rowsOf(table, labels, known);
    const reason = whyNot(question, train);
    if (reason !== null) {
      skipped.push({ origin: day, reason });
      continue;
    }
    const learnedUntil = table.days[table.day[train.at(-1) as number] as number] as string;
    origins.push({ day, train, learnedUntil, test: rowsOf(table, labels, (other) => other === place) });
  }
  return { origins, skipped };
}

function whyNot({ table, labels, words }: Question, train: Int32Array): string | null {
  const happened = happenedIn(table, labels, train);
  if (happened < LEAST_HAPPENED)
    return `only ${happened} accounts ${words.happened} in what was known then; ${LEAST_HAPPENED} are needed`;
  const others = accountsOf(table, train, (row) => labels[row] === 0);
  if (others < LEAST_HAPPENED) return `all accounts but ${others} ${words.happened} in what was known then`;
  return null;
}

/** What the judgement alone would have said on the day. */
export function scaleAt({ table, labels, x, scale }: Question, rows: Int32Array): ScaleFit {
  return fitScale({ x, labels, rows, weight: rowWeight(table.days) }, scale);
}

/** The scale of the judgement that a fit starts from. */
export function startOf({ mostStart }: Question, { scale }: ScaleFit): number {
  return Math.min(mostStart, scale);
}

/** Learns on a past day from what was known then and predicts what came of its accounts: the boosted model, the judgement, the base rate. */
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
