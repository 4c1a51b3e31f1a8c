import { isTooDeep } from './parse-json.js';
import { type ColumnType } from './csv-columns.js';

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** What counts as a number where the type is unknown: `007` and `12e4` are more likely codes. */
const plainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

/**
 * The value of a non-empty cell. A value that does not fit the type stays text, so that validation rejects it and names
 * the field. `\N` clears the field.
 */
export function valueOf(cell: string, type: ColumnType): unknown {
  if (cell === '\\N') return null;
  switch (type) {
    case 'string':
    case 'instant':
      return cell;
    case 'number':
    case 'integer':
      return jsonNumber.test(cell) && Number.isFinite(Number(cell)) ? Number(cell) : cell;
    case 'boolean':
      return booleanOf(cell) ?? cell;
    case 'list':
      return cell.trimStart().startsWith('[') ? jsonOf(cell) : listOf(cell);
    case 'object':
    case 'map':
      return jsonOf(cell);
    case 'any':
      return plainNumber.test(cell) ? Number(cell) : (booleanOf(cell) ?? cell);
  }
}

function booleanOf(cell: string): boolean | undefined {
  const word = cell.toLowerCase();
  if (word === 'true') return true;
  return word === 'false' ? false : undefined;
}

/** Items are separated by semicolons if the cell has any, so that they may contain commas; otherwise by commas. */
function listOf(cell: string): string[] {
  return cell
    .split(cell.includes(';') ? ';' : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function jsonOf(cell: string): unknown {
  if (isTooDeep(cell)) return cell;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return cell;
  }
}
