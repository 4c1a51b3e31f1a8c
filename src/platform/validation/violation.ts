/// <reference lib="es2024.string" />
/** One thing wrong with a body. `pointer` is an RFC 6901 JSON pointer; `detail` is plain English and never repeats the value. */
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

/** What is wrong with a value, worded to follow the field's name ("must be …"); `pointer` leads on from the value itself. */
export interface FieldProblem {
  code: ViolationCode;
  detail: string;
  pointer?: string;
}

const NAME_SHOWN = 60;
const POINTER_KEPT = 200;

/** `/pattern/0` in RFC 6901 for a key or index; nothing for a key too long to be repeated, so the pointer stays at its parent. */
export function pointerStep(key: string | number): string {
  if (typeof key === 'number') return `/${key}`;
  if (key.length > POINTER_KEPT) return '';
  return `/${key.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A name sent by a stranger, fit for a message: short, printable, well-formed. */
export function shownName(name: string): string {
  const short = name.length > NAME_SHOWN ? `${name.slice(0, NAME_SHOWN)}…` : name;
  return short.toWellFormed().replace(/\p{Cc}/gu, '\ufffd');
}
