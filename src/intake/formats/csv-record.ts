import { valueOf } from './csv-cells.js';
import { type Column } from './csv-columns.js';

/** Converts a row of cells to an object. Empty cells are omitted. */
export function recordOf(cells: string[], columns: Column[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  columns.forEach(({ path, type }, index) => {
    const cell = cells[index];
    if (cell !== undefined && cell !== '') put(record, path, valueOf(cell, type));
  });
  return record;
}

function put(record: Record<string, unknown>, path: string[], value: unknown): void {
  const [key = '', ...below] = path;
  if (below.length === 0) {
    define(record, key, value);
    return;
  }
  if (!Object.hasOwn(record, key)) define(record, key, {});
  put(record[key] as Record<string, unknown>, below, value);
}

/** Like JSON.parse, treats `__proto__` as an ordinary key. */
function define(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  else record[key] = value;
}
