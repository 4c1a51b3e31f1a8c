import { findFeature } from '../catalogue/catalogue.js';
import type { RawColumn } from '../ebm/columns.js';

/** Of the rows: a feature that was hardly ever known then says when it was asked for, not who leaves. A judgement. */
const MOST_UNKNOWN = 0.95;

export interface LeftOut {
  readonly feature: string;
  /** For people. */
  readonly reason: string;
}

export interface Chosen {
  readonly columns: readonly RawColumn[];
  readonly leftOut: readonly LeftOut[];
}

/** The columns that can be learned from, judged by the rows whose outcome is known. */
export function columnsOf(columns: readonly RawColumn[], rows: Int32Array): Chosen {
  const leftOut: LeftOut[] = [];
  const kept = columns.filter((column) => {
    const reason = reasonAgainst(column, rows);
    if (reason !== null) leftOut.push({ feature: column.name, reason });
    return reason === null;
  });
  return { columns: kept, leftOut };
}

function reasonAgainst(column: RawColumn, rows: Int32Array): string | null {
  if (findFeature(column.name)?.partOfLeaving) return 'part of leaving';
  const { known, varies } = lookAt(column, rows);
  if (known === 0) return 'never known';
  const unknown = 1 - known / rows.length;
  if (unknown > MOST_UNKNOWN) return `unknown in ${Math.floor(100 * unknown)} % of the past`;
  return varies ? null : 'always the same';
}

/** Being unknown is a value of its own. */
function lookAt({ kind, values }: RawColumn, rows: Int32Array): { known: number; varies: boolean } {
  const none = kind === 'numeric' ? NaN : null;
  const first = rows.length > 0 ? (values[rows[0] as number] ?? none) : none;
  let known = 0;
  let varies = false;
  for (const row of rows) {
    const value = values[row] ?? none;
    if (value !== null && !Number.isNaN(value)) known++;
    varies ||= !Object.is(value, first);
  }
  return { known, varies };
}
