/**
 * A column of a batch as one parameter. The driver's own arrays visit and escape every element on both sides, which costs
 * more than storing it.
 */
const SEPARATOR = '\x1e';
const ABSENT = '\x1f';
const EITHER = /[\x1e\x1f]/g;

/** The SQL that reads what `joinTexts` wrote. */
export function texts(parameter: number): string {
  return `string_to_array($${parameter}, E'\\x1e', E'\\x1f')`;
}

/** Null when no element is there at all; a single one must not be empty. None may hold the two characters above: keys and JSON never do, for others see `separable`. */
export function joinTexts(values: readonly (string | undefined)[]): string | null {
  if (values.every((value) => value === undefined)) return null;
  return values.map((value) => value ?? ABSENT).join(SEPARATOR);
}

/** Takes out the two characters, which nobody types. */
export function separable(text: string | undefined): string | undefined {
  return text?.replace(EITHER, '');
}

export function numbersLiteral(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

export type NumberType = 'smallint' | 'int' | 'bigint';
/** Lists of numbers and JSON go as text, and are read for each row. */
export type TextType = 'text' | 'date' | `${NumberType}[]` | 'json' | 'jsonb';
export type ColumnValue = number | string | readonly (number | null)[] | null | undefined;

/** One column of rows that are stored by `INSERT … SELECT`: the SQL that stands in the SELECT, and the parameter it takes. */
export interface Column<Row> {
  readonly name: string;
  readonly type: NumberType | TextType;
  readonly of: (row: Row) => ColumnValue;
}

export function selected({ name, type }: Pick<Column<never>, 'name' | 'type'>, parameter: number): string {
  const rows = isNumber(type)
    ? `unnest($${parameter}::${type}[])`
    : `unnest((${texts(parameter)})[2:])::${type}`;
  return `${rows} AS ${name}`;
}

export function parameterOf<Row>({ type, of }: Column<Row>, rows: readonly Row[]): string | null {
  if (isNumber(type)) return numbersLiteral(rows.map((row) => of(row) as number | null));
  // PostgreSQL makes no element of an empty text: with one in front of them all, a single empty one is not lost.
  const joined = joinTexts(rows.map((row) => textOf(of(row))));
  return joined === null ? null : SEPARATOR + joined;
}

function textOf(value: ColumnValue): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : numbersLiteral(value);
}

function isNumber(type: NumberType | TextType): type is NumberType {
  return type === 'smallint' || type === 'int' || type === 'bigint';
}
