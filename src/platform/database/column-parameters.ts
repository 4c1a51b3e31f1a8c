/**
 * Encodes a column of a batch as one parameter. The driver's own arrays escape every element on both sides, which costs more than storing it.
 */
const SEPARATOR = '\x1e';
const ABSENT = '\x1f';
const SEPARATORS = /[\x1e\x1f]/g;

/** SQL that decodes the output of `joinTexts`. */
export function texts(parameter: number): string {
  return `string_to_array($${parameter}, E'\\x1e', E'\\x1f')`;
}

/**
 * Null for an empty list; a single element must not be empty. Elements must not contain the two characters above: keys and
 * JSON never do, for others see `separable`.
 */
export function joinTexts(values: readonly (string | undefined)[]): string | null {
  if (values.every((value) => value === undefined)) return null;
  return values.map((value) => value ?? ABSENT).join(SEPARATOR);
}

/** Removes the two separator characters, which nobody types. */
export function separable(text: string | undefined): string | undefined {
  return text?.replace(SEPARATORS, '');
}

export function numbersLiteral(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

export type NumberType = 'smallint' | 'int' | 'bigint';
/** Lists of numbers and JSON are sent as text and parsed per row. */
export type TextType = 'text' | 'date' | `${NumberType}[]` | 'json' | 'jsonb';
export type ColumnValue = number | string | readonly (number | null)[] | null | undefined;

/** One column of an `INSERT … SELECT`: its SQL expression and its parameter. */
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
  // PostgreSQL splits an empty text into no elements: a leading element keeps a single empty one.
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
