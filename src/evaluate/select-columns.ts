import type { RawColumn } from '../scoring/model/ebm/columns.js';
import type { Options } from './options.js';
import type { CsvTable } from './read-csv.js';
import { UsageError } from './usage-error.js';

export interface Selected {
  readonly columns: readonly RawColumn[];
  readonly labels: Uint8Array;
  /** What was left out or read otherwise than it stands, in words. */
  readonly notes: readonly string[];
  readonly dropped: readonly { readonly column: string; readonly reason: 'asked' | 'id' | 'constant' }[];
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const PERHAPS_THOUSANDS = /,\d{3}$/;
const DECIMAL_COMMA = /^[-+]?\d+,\d+$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const DAY_MS = 86_400_000;
/** How exports write a number that is not there. */
const NO_NUMBER = /^(?:|na|n\/a|nan|null|none|\\n|\?|-|inf|-inf)$/i;
/** Of a column's texts: so many are numbers that the others are mistakes. */
const MOSTLY_NUMBERS = 0.95;
/** Of a column's texts: so many stand once that it names rows instead of saying what they have in common. */
const MOSTLY_DISTINCT = 0.9;
const ID_WORDS = new Set(['id', 'uid', 'uuid', 'guid', 'number', 'no', 'nr', 'key', 'index', 'ref']);

/** @throws UsageError that names the column */
export function selectColumns(table: CsvTable, options: Options): Selected {
  const drop = namesIn(options.drop, table.names);
  const numeric = namesIn(options.numeric, table.names);
  const asked = [options.label, ...drop, ...numeric];
  for (const name of asked)
    if (!table.names.includes(name))
      throw new UsageError(`There is no column "${name}". The columns are: ${table.names.join(', ')}.`);
  if (drop.includes(options.label)) throw new UsageError(`The label "${options.label}" cannot be dropped.`);
  const notes: string[] = [];
  const { rows, labels } = labelsOf(table, options, notes);
  const columns: RawColumn[] = [];
  const dropped: Selected['dropped'][number][] = [];
  table.names.forEach((name, place) => {
    if (name === options.label) return;
    const cells = rows.map((row) => table.columns[place]?.[row] ?? '');
    const isForced = numeric.includes(name);
    const column = columnOf(name, cells, isForced, notes);
    const reason = drop.includes(name) ? 'asked' : reasonToDrop(column, cells, isForced);
    if (reason === null) columns.push(column);
    else dropped.push({ column: name, reason });
    const commas = column.kind === 'category' && reason !== 'asked' ? commaHint(cells) : null;
    if (commas !== null) notes.push(`${name} ${commas}`);
    else if (reason === 'id') notes.push(`${name} was left out as an id: nearly every row has its own.`);
    if (reason === 'constant') notes.push(`${name} was left out: it is the same in all rows.`);
  });
  if (columns.length === 0) throw new UsageError('No column is left to learn from.');
  return { columns, labels, notes, dropped };
}

/** A column may have a comma in its name. */
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
  if (rows.length === 0) throw new UsageError(`The label "${label}" is empty in all rows.`);
  if (rows.length < cells.length)
    notes.push(`${cells.length - rows.length} rows were left out: their label is empty.`);
  const values = [...new Set(rows.map((row) => cells[row] ?? ''))];
  const shown = values.slice(0, 10).join(', ') + (values.length > 10 ? ', …' : '');
  if (values.length === 1)
    throw new UsageError(
      `The label "${label}" has only one value, ${shown}: there is nothing to tell apart.`,
    );
  const wanted = positive.trim();
  const same = (cell: string): boolean =>
    cell === wanted || (NUMBER.test(cell) && NUMBER.test(wanted) && Number(cell) === Number(wanted));
  const labels = Uint8Array.from(rows, (row) => (same(cells[row] ?? '') ? 1 : 0));
  const positives = labels.reduce((sum, one) => sum + one, 0);
  if (positives === 0)
    throw new UsageError(`The label "${label}" is "${positive}" in no row. Its values are: ${shown}.`);
  const fewer = Math.min(positives, rows.length - positives);
  if (fewer < folds)
    throw new UsageError(
      `${folds} folds need ${folds} rows of each kind; "${label}" has ${positives} with "${positive}" and ${rows.length - positives} without.`,
    );
  if (values.length > 2) notes.push(`Every other value of ${label} than ${positive} counts as negative.`);
  return { rows, labels };
}

function columnOf(name: string, cells: readonly string[], forced: boolean, notes: string[]): RawColumn {
  const told = cells.filter((cell) => !NO_NUMBER.test(cell));
  const dates = told.filter((cell) => !Number.isNaN(dayOf(cell))).length;
  if (dates > 0 && dates >= MOSTLY_NUMBERS * told.length) {
    notes.push(`${name}: dates are read as days.`);
    return { name, kind: 'numeric', values: Float64Array.from(cells, dayOf) };
  }
  const numbers = told.filter((cell) => NUMBER.test(cell)).length;
  if (!forced && (numbers === 0 || numbers < MOSTLY_NUMBERS * told.length))
    return { name, kind: 'category', values: cells.map((cell) => (cell === '' ? null : cell)) };
  const commas = commaHint(cells);
  if (numbers === 0 && commas !== null) throw new UsageError(`The column "${name}" of --numeric ${commas}`);
  if (numbers === 0) throw new UsageError(`The column "${name}" of --numeric holds no number.`);
  if (numbers < told.length)
    notes.push(`${name}: ${told.length - numbers} cells are no numbers and count as missing.`);
  const values = Float64Array.from(cells, (cell) => (NUMBER.test(cell) ? Number(cell) : NaN));
  return { name, kind: 'numeric', values };
}

/** Days since 1970, with a fraction for the time, UTC unless it says otherwise; NaN for what is no date. */
function dayOf(cell: string): number {
  if (!DATE.test(cell)) return NaN;
  const isPlain = /:\d{2}(?:[.,]\d+)?$/.test(cell) && !/[+-]\d{2}:?\d{2}$/.test(cell.slice(10));
  return Date.parse(cell.replace(' ', 'T').replace(',', '.') + (isPlain ? 'Z' : '')) / DAY_MS;
}

/** Null: nearly all of its numbers are without decimal commas. A comma may part thousands too, so it is for the sender to say. */
function commaHint(cells: readonly string[]): string | null {
  const told = cells.filter((cell) => !NO_NUMBER.test(cell));
  const commas = told.filter((cell) => DECIMAL_COMMA.test(cell));
  const numbers = told.filter((cell) => NUMBER.test(cell)).length + commas.length;
  if (commas.length === 0 || numbers < MOSTLY_NUMBERS * told.length) return null;
  const [first = ''] = commas;
  const decimals = `decimal points, as in ${first.replace(',', '.')}`;
  const asked = commas.every((cell) => PERHAPS_THOUSANDS.test(cell))
    ? `thousands without, as in ${first.replace(',', '')}, or ${decimals}, whichever is meant`
    : decimals;
  return `is written with commas ("${first}") and was not read as numbers: write ${asked}.`;
}

/** What was asked for as a number is not an id. */
function reasonToDrop(
  column: RawColumn,
  cells: readonly string[],
  isForced: boolean,
): 'id' | 'constant' | null {
  const told = cells.filter((cell) => cell !== '');
  const distinct = new Set(column.kind === 'numeric' ? Array.from(column.values, String) : cells).size;
  if (distinct <= 1) return 'constant';
  if (column.kind === 'category') {
    return told.length > 1 && new Set(told).size > MOSTLY_DISTINCT * told.length ? 'id' : null;
  }
  return !isForced && isNumericId(column.name, Array.from(column.values)) ? 'id' : null;
}

/** Whole numbers that never come twice: called an id, or counting the rows. */
function isNumericId(name: string, values: readonly number[]): boolean {
  if (!values.every(Number.isInteger) || new Set(values).size < values.length) return false;
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  const isCalledOne = ID_WORDS.has(words.findLast((word) => word !== '') ?? '');
  const counts = values.every((value, row) => row === 0 || value === (values[row - 1] ?? NaN) + 1);
  return isCalledOne || counts;
}
