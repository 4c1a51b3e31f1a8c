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

/** Null when no element is there at all. None may hold the two characters above: keys and JSON never do, for others see `separable`. */
export function joinTexts(values: readonly (string | undefined)[]): string | null {
  if (values.every((value) => value === undefined)) return null;
  return values.map((value) => value ?? ABSENT).join(SEPARATOR);
}

/** Takes out the two characters, which nobody types. */
export function separable(text: string | undefined): string | undefined {
  return text?.replace(EITHER, '');
}

export function numbersLiteral(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}
