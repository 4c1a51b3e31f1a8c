/**
 * A column of a batch as one parameter. The driver's own arrays visit and escape every element on both sides, which costs
 * more than storing it.
 */
const SEPARATOR = '\x1e';
const ABSENT = '\x1f';
const CONTROL = /[\x1e\x1f]/;
const EACH_CONTROL = /[\x1e\x1f]/g;

/** The SQL that reads what `joinTexts` wrote. */
export function texts(parameter: number): string {
  return `string_to_array($${parameter}, E'\\x1e', E'\\x1f')`;
}

/** Null when no element is there at all. The two characters above, which nobody types, are taken out. */
export function joinTexts(values: readonly (string | undefined)[]): string | null {
  if (values.every((value) => value === undefined)) return null;
  return values.map((value) => (value === undefined ? ABSENT : separable(value))).join(SEPARATOR);
}

function separable(text: string): string {
  return CONTROL.test(text) ? text.replace(EACH_CONTROL, '') : text;
}

export function numbersLiteral(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}
