import type { RawColumn } from '../scoring/model/ebm/columns.js';
import { auc } from '../scoring/model/metrics.js';
import { stratifiedFolds } from './folds.js';

/** A single column with this AUC is probably known only after churn; a judgment call. */
const LEAK_AUC = 0.99;
const BINS = 32;

export interface SuspectedLeak {
  readonly column: string;
  readonly auc: number;
}

/** Columns that separate the labels alone, out of fold, by the share of positives for each value. Blanks count as a value. */
export function suspectedLeaks(
  columns: readonly RawColumn[],
  labels: Uint8Array,
  { folds, seed }: { folds: number; seed: number },
): SuspectedLeak[] {
  const foldOf = stratifiedFolds(labels, folds, seed);
  const rate = labels.reduce((sum, one) => sum + one, 0) / labels.length;
  const found: SuspectedLeak[] = [];
  for (const column of columns) {
    const values = valuesOf(column);
    let sum = 0;
    for (let fold = 0; fold < folds; fold++) {
      const shares = sharesBy(values, labels, (row) => foldOf[row] !== fold, rate);
      const rows = [...labels.keys()].filter((row) => foldOf[row] === fold);
      sum += auc(
        Uint8Array.from(rows, (row) => labels[row] ?? 0),
        Float64Array.from(rows, (row) => shares.get(values[row] ?? '') ?? rate),
      );
    }
    if (sum / folds >= LEAK_AUC) found.push({ column: column.name, auc: sum / folds });
  }
  return found;
}

/** Numbers are replaced by their bin of equal count. */
function valuesOf(column: RawColumn): string[] {
  if (column.kind === 'category') return Array.from(column.values, (value) => value ?? '');
  const numbers = Array.from(column.values);
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const cuts = Array.from(
    { length: BINS - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / BINS)] ?? 0,
  );
  return numbers.map((value) => (Number.isNaN(value) ? '' : String(cuts.findIndex((cut) => value < cut))));
}

/** Share of positives by value, shrunk toward the overall rate by one row. */
function sharesBy(
  values: readonly string[],
  labels: Uint8Array,
  isTaken: (row: number) => boolean,
  rate: number,
): Map<string, number> {
  const counts = new Map<string, { rows: number; positives: number }>();
  values.forEach((value, row) => {
    if (!isTaken(row)) return;
    const count = counts.get(value) ?? { rows: 0, positives: 0 };
    count.rows++;
    count.positives += labels[row] ?? 0;
    counts.set(value, count);
  });
  return new Map([...counts].map(([value, { rows, positives }]) => [value, (positives + rate) / (rows + 1)]));
}
