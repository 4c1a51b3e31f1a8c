import type { Fields } from '../../accounts/states/fold.js';
import { requiredAtFirst } from '../kinds/required-at-first.js';
import type { RecordKind } from './record-kind.js';

/** Fields outside the state: the record's id, its account and when the state takes effect. */
const ENVELOPE_FIELDS = new Set(['id', 'accountId', 'effectiveAt']);

/** The record's own start (epoch ms), if given. */
export function startOf(kind: RecordKind, fields: Fields): number | undefined {
  for (const name of kind.start) {
    const value = fields[name];
    if (typeof value === 'string') return Date.parse(value);
  }
  return undefined;
}

/** The first required field that a record's first state lacks. */
export function missingAtFirst(kind: RecordKind, fields: Fields): string | undefined {
  return requiredAtFirst(kind.dto).find(
    (name) => !ENVELOPE_FIELDS.has(name) && (fields[name] ?? null) === null,
  );
}
