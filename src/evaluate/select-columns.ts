import type { RawColumn } from '../scoring/model/ebm/columns.js';
import type { Options } from './options.js';
import type { CsvTable } from './read-csv.js';
import { type DropReason, explainDrop, reasonToDrop } from './reason-to-drop.js';
import { UsageError } from './usage-error.js';
import { readDates } from './written-dates.js';
import { PLAIN_NUMBER, readNumbers } from './written-numbers.js';

export interface Selected {
  readonly columns: readonly RawColumn[];
  readonly labels: Uint8Array;
  /** Sentences about columns that were dropped or converted. */
  readonly notes: readonly string[];
  readonly dropped: readonly { readonly column: string; readonly reason: DropReason }[];
}

/** How exports write a missing number. */
const NO_NUMBER = /^(?:|na|n\/a|nan|null|none|\\n|\?|-|inf|-inf)$/i;
/** If at least this share of a column's texts are numbers or dates, the others are treated as errors. */
const MOSTLY = 0.95;

/** @throws UsageError that names the column */
export function selectColumns(table: CsvTable, options: Options): Selected {
  const drop = namesIn(options.drop, table.names);
  const numeric = namesIn(options.numeric, table.names);
  const requested = [options.label, ...drop, ...numeric];
  for (const name of requested)
    if (!table.names.includes(name))
      throw new UsageError(`Unknown column "${name}". Columns: ${table.names.join(', ')}`);
  if (drop.includes(options.label)) throw new UsageError(`The label "${options.label}" cannot be dropped`);
  const notes: string[] = [];
  const { rows, labels } = labelsOf(table, options, notes);
  const columns: RawColumn[] = [];
  const dropped: Selected['dropped'][number][] = [];
  table.names.forEach((name, index) => {
    if (name === options.label) return;
    const cells = rows.map((row) => table.columns[index]?.[row] ?? '');
    if (drop.includes(name)) {
      dropped.push({ column: name, reason: 'asked' });
      return;
    }
    const { column, note, mayBeId } = columnOf(name, cells, numeric.includes(name));
    const reason = reasonToDrop(column, cells, mayBeId);
    if (reason === null) {
      columns.push(column);
      if (note !== null) notes.push(`${name}: ${note}`);
    } else {
      dropped.push({ column: name, reason });
      notes.push(`${name} ${explainDrop(reason, cells)}`);
    }
  });
  if (columns.length === 0) throw new UsageError('No columns left to learn from');
  return { columns, labels, notes, dropped };
}

/** A column name may contain a comma. */
function namesIn(lists: readonly string[], columns: readonly string[]): string[] {
  return lists
    .flatMap((list) => (columns.includes(list) ? [list] : list.split(',').map((name) => name.trim())))
    .filter((name) => name !== '');
}

function labelsOf(
  table: CsvTable,
  { label, positive, folds }: Options,
  notes: string[],
): { rows: number[]; labels: Uint8Array } {
  const cells = table.columns[table.names.indexOf(label)] ?? [];
  const rows = [...cells.keys()].filter((row) => cells[row] !== '');
  if (rows.length === 0) throw new UsageError(`The label "${label}" is empty in all rows`);
  if (rows.length < cells.length)
    notes.push(`${cells.length - rows.length} rows without a label were left out.`);
  const values = [...new Set(rows.map((row) => cells[row] ?? ''))];
  const shown = values.slice(0, 10).join(', ') + (values.length > 10 ? ', …' : '');
  if (values.length === 1)
    throw new UsageError(`The label "${label}" has only one value, ${shown}, so there is nothing to predict`);
  const wanted = positive.trim();
  const same = (cell: string): boolean =>
    cell === wanted ||
    (PLAIN_NUMBER.test(cell) && PLAIN_NUMBER.test(wanted) && Number(cell) === Number(wanted));
  const labels = Uint8Array.from(rows, (row) => (same(cells[row] ?? '') ? 1 : 0));
  const positives = labels.reduce((sum, one) => sum + one, 0);
  if (positives === 0)
    throw new UsageError(`The label "${label}" is never "${positive}". Its values: ${shown}`);
  const fewer = Math.min(positives, rows.length - positives);
  if (fewer < folds)
    throw new UsageError(
      `${folds} folds need at least ${folds} rows of each kind; "${label}" is "${positive}" in ${positives} and something else in ${rows.length - positives}`,
    );
  if (values.length > 2) notes.push(`All values of ${label} other than ${positive} count as negative.`);
  return { rows, labels };
}

interface ReadColumn {
  readonly column: RawColumn;
  /** How its cells were converted, if they were. */
  readonly note: string | null;
  /** False for dates and for columns in --numeric. */
  readonly mayBeId: boolean;
}

function columnOf(name: string, cells: readonly string[], isForced: boolean): ReadColumn {
  const texts = cells.map((cell) => (NO_NUMBER.test(cell) ? '' : cell));
  const count = texts.filter((cell) => cell !== '').length;
  const isMostly = (read: number): boolean => read > 0 && read >= MOSTLY * count;
  const dates = readDates(texts);
  if (isMostly(dates.count)) {
    const note = `dates are read as days${dates.order === null ? '' : `, ${dates.order}`}.`;
    return { column: { name, kind: 'numeric', values: dates.values }, note, mayBeId: false };
  }
  const numbers = readNumbers(texts);
  if (!isForced && !isMostly(numbers.count))
    return {
      column: { name, kind: 'category', values: cells.map((cell) => (cell === '' ? null : cell)) },
      note: null,
      mayBeId: true,
    };
  if (numbers.count === 0) throw new UsageError(`The --numeric column "${name}" has no numbers`);
  const notes = [
    ...(numbers.example ? [`read as numbers, "${numbers.example.cell}" as ${numbers.example.value}.`] : []),
    ...(numbers.count < count
      ? [`${count - numbers.count} cells are not numbers and count as missing.`]
      : []),
  ];
  const note = notes.length > 0 ? notes.join(' ') : null;
  return { column: { name, kind: 'numeric', values: numbers.values }, note, mayBeId: !isForced };
}
