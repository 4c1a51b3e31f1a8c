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
  /** Rows to learn from, ascending, with known labels. */
  readonly rows: Int32Array;
  /** Scale of the offset. */
  readonly scale: number;
  /** Bins of another model of the same columns; default: computed from the rows. */
  readonly features?: readonly EbmFeature[];
  /** Rows whose mean the contributions are relative to; default: the rows learned from. */
  readonly reference?: Int32Array;
}

export interface Fitted {
  readonly model: EbmModel;
  /** The rows it learned from. */
  readonly table: EbmTable;
}

/** Fits on a part of the history. Copies only the rows it needs. */
export async function fitRows(
  question: Question,
  { columns, rows, scale, features, reference = new Int32Array(0) }: RowsToFit,
  { bags, pairs, maxRows }: Effort,
  run: RunTasks,
): Promise<Fitted> {
  const { table, labels, x, seed, monotone } = question;
  const thinned = thin(
    rows.map((row) => labels[row] as number),
    seed,
    maxRows,
  );
  const learned = thinned.rows.map((index) => rows[index] as number);
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

/** Logits of the rows. */
export function scoreRows(
  { x }: Question,
  model: EbmModel,
  { columns, rows, scale }: RowsToFit,
): Float64Array {
  const offsets = Float64Array.from(rows, (row) => scale * (x[row] as number));
  return new EbmScorer(model).scoreLogits(takeRows(columns, rows), offsets);
}
