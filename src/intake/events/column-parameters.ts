/**
 * A column of a batch as one parameter. The driver's own arrays visit and escape every element on both sides, which costs
 * more than storing it. Separators are control characters: keys hold none, and JSON text escapes them.
 */
const SEPARATOR = '\x1e';
const ABSENT = '\x1f';
const CONTROL = /[\x1e\x1f]/g;

/** The SQL that reads what `joinTexts` wrote. */
export function texts(parameter: number): string {
  return `string_to_array($${parameter}, E'\\x1e', E'\\x1f')`;
}

/** Null when no element is there at all. */
export function joinTexts(values: readonly (string | undefined)[]): string | null {
  if (values.every((value) => value === undefined)) return null;
  return values.map((value) => value ?? ABSENT).join(SEPARATOR);
}

/** For texts that may hold anything: the two characters above, which nobody types, are taken out. Empty counts as absent. */
export function separable(text: string | null | undefined): string | undefined {
  return text?.replace(CONTROL, '') || undefined;
}

export function numbersLiteral(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}
