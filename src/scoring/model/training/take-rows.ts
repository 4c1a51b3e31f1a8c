import type { RawColumn } from '../ebm/columns.js';

/** Columns of the given rows, in their order. */
export function takeRows(columns: readonly RawColumn[], rows: Int32Array): RawColumn[] {
  return columns.map((column) => {
    if (column.kind === 'category')
      return { ...column, values: Array.from(rows, (row) => column.values[row] ?? null) };
    const values =
      column.values instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
    for (let at = 0; at < rows.length; at++) values[at] = column.values[rows[at] as number] as number;
    return { ...column, values };
  });
}
