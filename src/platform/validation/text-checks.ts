import { isCurrency } from '../currencies.js';
import type { FieldProblem } from './violation.js';

export const MAX_KEY = 255;
const MAX_EMAIL = 254;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;
const LOCAL_PART = /^[^\s@\p{Cc}"(),:;<>[\\\]]{1,64}$/u;
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/;
const CONTROL = /\p{Cc}/u;

const zones = new Set(Intl.supportedValuesOf('timeZone'));

const BLANK_KEY: FieldProblem = { code: 'malformed', detail: 'must not be blank' };
const LONG_KEY: FieldProblem = { code: 'too_long', detail: `must not be longer than ${MAX_KEY} characters` };
const CONTROL_KEY: FieldProblem = { code: 'malformed', detail: 'must not contain control characters' };

export function keyProblem(text: string): FieldProblem | null {
  if (text.length > MAX_KEY) return LONG_KEY;
  if (CONTROL.test(text)) return CONTROL_KEY;
  return text.trim() === '' ? BLANK_KEY : null;
}

export function currencyProblem(text: string): FieldProblem | null {
  return isCurrency(text)
    ? null
    : { code: 'not_allowed', detail: 'must be an uppercase ISO 4217 currency code, such as USD' };
}

/** Whether the string has the form of an email address. */
export function emailProblem(text: string): FieldProblem | null {
  if (text.length > MAX_EMAIL)
    return { code: 'too_long', detail: `must not be longer than ${MAX_EMAIL} characters` };
  const at = text.lastIndexOf('@');
  const labels = text.slice(at + 1).split('.');
  const formed =
    at > 0 &&
    LOCAL_PART.test(text.slice(0, at)) &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label));
  return formed ? null : { code: 'malformed', detail: 'must be an email address' };
}

/** Intl's list lacks aliases (UTC, Asia/Calcutta), so those are tried in a formatter. Offsets are not accepted. */
export function timeZoneProblem(text: string): FieldProblem | null {
  if (zones.has(text)) return null;
  return ZONE_NAME.test(text) && isKnownToIntl(text)
    ? null
    : { code: 'not_allowed', detail: 'must be an IANA time zone, such as Europe/Berlin' };
}

function isKnownToIntl(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
