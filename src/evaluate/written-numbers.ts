import { currencyProblem } from '../platform/validation/text-checks.js';

export interface ReadNumbers {
  /** NaN if a cell is not a number. */
  readonly values: Float64Array;
  /** Number of cells with a number. */
  readonly count: number;
  /** The first cell not in plain notation, and its value. */
  readonly example: { readonly cell: string; readonly value: number } | null;
}

/** A number as written, without sign, currency and percent sign. */
interface Written {
  readonly digits: string;
  readonly isNegative: boolean;
  readonly isMoney: boolean;
}

export const PLAIN_NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

const UNIT = String.raw`\p{Sc}|[A-Z]{1,2}\p{Sc}|[A-Z]{3}|kr\.?|zł|%`;
const WRITTEN = new RegExp(
  String.raw`^(?<sign>[-+−]?)\s*(?<before>${UNIT})?\s*(?<inner>[-+−]?)\s*(?<digits>[\d.,][\d.,'’\s]*)(?<exponent>[eE][-+]?\d+)?\s*(?<after>${UNIT})?$`,
  'u',
);
const ACCOUNTING = /^\((.*)\)$/;
const GROUPS = /(?<=^\d{1,3}(?:[\s'’]\d{3})*)[\s'’](?=\d{3}(?!\d))/g;
/** 1,234.5 and 1.234,5. A number that fits both (1,234 or 1.234) does not decide for its column. */
const POINT = /^(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)?(?:\.\d*)?$/;
const COMMA = /^(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)?(?:,\d*)?$/;

/**
 * Reads a column of numbers as spreadsheets write them: with currency and percent signs, thousands separators, decimal commas and parentheses
 * for negative amounts. The whole column decides whether a comma separates decimals or thousands. If no cell decides, commas separate
 * thousands and points decimals, except that points separate thousands in currency amounts, because money has no three decimals.
 */
export function readNumbers(cells: readonly string[]): ReadNumbers {
  if (cells.every((cell) => cell === '' || PLAIN_NUMBER.test(cell))) {
    const values = Float64Array.from(cells, (cell) => (cell === '' ? NaN : Number(cell)));
    return { values, count: countOf(values), example: null };
  }
  const written = cells.map(writtenOf);
  const hasDecimalComma = decimalIsComma(written);
  const values = Float64Array.from(written, (one) => (one ? valueOf(one, hasDecimalComma) : NaN));
  const at = cells.findIndex(
    (cell, row) => !Number.isNaN(values[row]) && (!PLAIN_NUMBER.test(cell) || Number(cell) !== values[row]),
  );
  const example = at === -1 ? null : { cell: cells[at] ?? '', value: values[at] ?? NaN };
  return { values, count: countOf(values), example };
}

function writtenOf(cell: string): Written | null {
  const inner = ACCOUNTING.exec(cell)?.[1];
  const { sign, before, inner: second, digits, exponent, after } = WRITTEN.exec(inner ?? cell)?.groups ?? {};
  if (digits === undefined || !/\d/.test(digits) || !isUnit(before) || !isUnit(after)) return null;
  const signs = [sign, second].filter((one) => one);
  if (signs.length > 1) return null;
  return {
    digits: digits.trim().replace(GROUPS, '') + (exponent ?? ''),
    isNegative: inner !== undefined || (signs[0] !== undefined && signs[0] !== '+'),
    isMoney: [before, after].some((unit) => unit !== undefined && unit !== '%'),
  };
}

/** Three capitals are a unit only if they name a currency: "SKU 12" is not a number. */
function isUnit(unit: string | undefined): boolean {
  return unit === undefined || !/^[A-Z]{3}$/.test(unit) || currencyProblem(unit) === null;
}

function decimalIsComma(column: readonly (Written | null)[]): boolean {
  let [points, commas, amounts] = [0, 0, 0];
  for (const one of column) {
    if (!one) continue;
    const [fitsPoint, fitsComma] = [POINT.test(one.digits), COMMA.test(one.digits)];
    if (fitsPoint && !fitsComma) points++;
    else if (fitsComma && !fitsPoint) commas++;
    else if (one.isMoney && one.digits.includes('.')) amounts++;
  }
  return points === commas ? amounts > 0 : commas > points;
}

function valueOf({ digits, isNegative }: Written, hasDecimalComma: boolean): number {
  const size =
    PLAIN_NUMBER.test(digits) && /[eE]/.test(digits) ? Number(digits) : sizeOf(digits, hasDecimalComma);
  return isNegative ? -size : size;
}

function sizeOf(digits: string, hasDecimalComma: boolean): number {
  if (!(hasDecimalComma ? COMMA : POINT).test(digits)) return NaN;
  return Number(hasDecimalComma ? digits.replaceAll('.', '').replace(',', '.') : digits.replaceAll(',', ''));
}

function countOf(values: Float64Array): number {
  return values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
}
