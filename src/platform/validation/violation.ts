/// <reference lib="es2024.string" />
/** One problem of a body. `pointer` is an RFC 6901 JSON pointer; `detail` never repeats the value. */
export interface Violation {
  code: ViolationCode;
  detail: string;
  pointer: string;
}

export type ViolationCode =
  | 'unknown_field'
  | 'missing'
  | 'wrong_type'
  | 'out_of_range'
  | 'not_allowed'
  | 'malformed'
  | 'too_long'
  | 'too_many'
  | 'too_deep';

/** A problem with a value, worded to follow the field's name ("must be …"); `pointer` is relative to the value. */
export interface FieldProblem {
  code: ViolationCode;
  detail: string;
  pointer?: string;
}

const NAME_SHOWN = 60;
const POINTER_KEPT = 200;

/** An RFC 6901 step for a key or index; empty for a very long key, so that the pointer stays at its parent. */
export function pointerStep(key: string | number): string {
  if (typeof key === 'number') return `/${key}`;
  if (key.length > POINTER_KEPT) return '';
  return `/${key.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Makes a name from the request safe to show: short, printable, well-formed. */
export function shownName(name: string): string {
  const short = name.length > NAME_SHOWN ? `${name.slice(0, NAME_SHOWN)}…` : name;
  return short.toWellFormed().replace(/\p{Cc}/gu, '\ufffd');
}
