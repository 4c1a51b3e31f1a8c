import type { EbmFeature, RawColumn } from '../ebm/columns.js';
import type { EbmTable } from '../ebm/data.js';
import { fitEbm, type RunTasks } from '../ebm/fit.js';
import type { EbmModel } from '../ebm/model.js';
import { EbmScorer } from '../ebm/scorer.js';
import { thin } from '../ebm/thin.js';
import type { Effort } from './effort.js';
import type { Question } from './question.js';
import { rowWeight } from './snapshots.js';
import { takeRows } from './take-rows.js';

export interface RowsToFit {
  readonly columns: readonly RawColumn[];
  /** To learn from, ascending; their labels are known. */
  readonly rows: Int32Array;
  /** Of the offset. */
  readonly scale: number;
  /** Bins that another model of the same columns has; none: by the rows. */
  readonly features?: readonly EbmFeature[];
  /** Rows against whose mean the contributions read; none: those learned from. */
  readonly reference?: Int32Array;
}

export interface Fitted {
  readonly model: EbmModel;
  /** What it has learned from. */
  readonly table: EbmTable;
}

/** Fits on a part of the history; only the rows that are needed are copied. */
export async function fitRows(
  question: Question,
  { columns, rows, scale, features, reference = new Int32Array(0) }: RowsToFit,
  { bags, pairs, mostRows }: Effort,
  run: RunTasks,
): Promise<Fitted> {
  const { table, labels, x, seed, monotone } = question;
  const thinned = thin(
    rows.map((row) => labels[row] as number),
    seed,
    mostRows,
  );
  const learned = thinned.rows.map((place) => rows[place] as number);
  const all = new Int32Array(learned.length + reference.length);
  all.set(learned);
  all.set(reference, learned.length);
  const taken: EbmTable = {
    columns: takeRows(columns, all),
    labels: Int8Array.from(all, (row) => labels[row] as number),
    offsets: Float64Array.from(all, (row) => scale * (x[row] as number)),
    weights: new Float64Array(all.length).fill(rowWeight(table.days)),
    groups: Int32Array.from(all, (row) => table.account[row] as number),
    learnFrom: Int32Array.from(learned.keys()),
    ...(reference.length > 0 && { reference: new Uint8Array(all.length).fill(1, learned.length) }),
  };
  const model = await fitEbm(taken, { seed, monotone, bags, pairs, ...(features && { features }) }, run);
  return { model: { ...model, intercept: model.intercept + thinned.logRate }, table: taken };
}

/** Logits of rows. */
export function scoreRows(
  { x }: Question,
  model: EbmModel,
  { columns, rows, scale }: RowsToFit,
): Float64Array {
  const offsets = Float64Array.from(rows, (row) => scale * (x[row] as number));
  return new EbmScorer(model).scoreLogits(takeRows(columns, rows), offsets);
}
