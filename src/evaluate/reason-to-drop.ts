import type { RawColumn } from '../scoring/model/ebm/columns.js';

/** `distinct`: nearly every row has a different text. `asked`: by --drop. */
export type DropReason = 'asked' | 'id' | 'row number' | 'distinct' | 'constant' | 'empty';

/** Above this share of distinct values, a column identifies rows instead of describing them. */
const MOSTLY_DISTINCT = 0.9;
/** Names of ids: by the last word, or by an ending after a word for what it identifies ("CLIENTNUM"). */
const ID_WORD =
  /^(?:id|uid|uuid|guid|number|num|no|nr|key|index|ref|reference|code|msisdn|imsi|imei|iccid|iban|ssn|phone)$/;
const RUN_TOGETHER =
  /^(?:account|acct|client|company|contact|contract|cust|customer|device|employee|household|invoice|member|order|org|organization|policy|profile|record|row|student|subscriber|subscription|tenant|user|workspace)s?(?:id|uid|uuid|guid|number|num|no|nr|key|ref|code)$/;

/** `mayBeId`: false for dates and for columns requested as numbers. */
export function reasonToDrop(
  column: RawColumn,
  cells: readonly string[],
  mayBeId: boolean,
): Exclude<DropReason, 'asked'> | null {
  const filled = cells.filter((cell) => cell !== '');
  if (filled.length === 0) return 'empty';
  const values = column.kind === 'numeric' ? Array.from(column.values, String) : cells;
  const distinct = new Set(values).size;
  if (distinct <= 1) return 'constant';
  if (!mayBeId) return null;
  const isMostlyDistinct = filled.length > 1 && new Set(filled).size > MOSTLY_DISTINCT * filled.length;
  if (column.kind === 'category') {
    if (!isMostlyDistinct) return null;
    return isCalledId(column.name) ? 'id' : 'distinct';
  }
  const numbers = Array.from(column.values);
  const isWhole = numbers.every((value) => Number.isNaN(value) || Number.isInteger(value));
  if (!isWhole) return null;
  if (numbers.every((value, row) => row === 0 || value === (numbers[row - 1] ?? NaN) + 1))
    return 'row number';
  return isMostlyDistinct && isCalledId(column.name) ? 'id' : null;
}

/** Why a column was dropped, as a sentence without its subject. */
export function explainDrop(reason: Exclude<DropReason, 'asked'>, cells: readonly string[]): string {
  switch (reason) {
    case 'id':
      return 'was left out as an id, judging by its name and its nearly unique values.';
    case 'row number':
      return 'was left out: it contains row numbers.';
    case 'distinct': {
      const first = cells.find((cell) => /\d/.test(cell));
      const hint =
        first === undefined
          ? ''
          : ` It was read as text; if "${first.slice(0, 40)}" is a number or a date, write it as 1234.5 or 2026-12-31.`;
      return `was left out: nearly every row has a different value, so there is nothing to learn from it.${hint}`;
    }
    case 'constant':
      return 'was left out: it has the same value in all rows.';
    case 'empty':
      return 'was left out: it is empty in all rows.';
  }
}

function isCalledId(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  return ID_WORD.test(last) || RUN_TOGETHER.test(last);
}
