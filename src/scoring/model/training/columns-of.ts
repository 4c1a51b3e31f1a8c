import { findFeature } from '../catalogue/catalogue.js';
import type { RawColumn } from '../ebm/columns.js';

/** Maximum share of unknown values. A feature that was rarely known in the past shows when it was recorded, not who churns. A judgment call. */
const MAX_UNKNOWN = 0.95;

export interface LeftOut {
  readonly feature: string;
  /** For people. */
  readonly reason: string;
}

export interface Chosen {
  readonly columns: readonly RawColumn[];
  readonly leftOut: readonly LeftOut[];
}

/** The columns to learn from, chosen on the rows with known outcomes. */
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
  if (findFeature(column.name)?.partOfLeaving) return 'part of the outcome';
  const { known, varies } = lookAt(column, rows);
  if (known === 0) return 'never known';
  const unknown = 1 - known / rows.length;
  if (unknown > MAX_UNKNOWN) return `missing in ${Math.floor(100 * unknown)} % of past rows`;
  return varies ? null : 'constant';
}

/** Missing counts as a value of its own. */
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
