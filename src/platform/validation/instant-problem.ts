import { parseInstant } from './instant.js';
import type { FieldProblem } from './violation.js';

const EXAMPLE = 'such as 2026-11-01T09:00:00Z';

const EPOCH: FieldProblem = {
  code: 'wrong_type',
  detail: `must be an ISO 8601 string, ${EXAMPLE}, not a Unix timestamp`,
};

const malformed = (detail: string): FieldProblem => ({ code: 'malformed', detail });
const NO_OFFSET = malformed(`has no time zone: add an offset such as Z or +02:00, ${EXAMPLE}`);
const NO_SUCH_DAY = malformed('must be a day that exists, from 1900 to 9999');
const OTHER_ORDER = malformed('must be an ISO 8601 date, year first, such as 2026-12-31');
const NOT_AN_INSTANT = malformed(
  `must be an ISO 8601 date, or date and time with Z or an offset, from 1900 to 9999, ${EXAMPLE}`,
);

const DAY_AND_TIME = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** 12/31/2026, 31.12.2026, 2026/12/31 and the like, with or without a time. */
const DAY_IN_ANOTHER_FORM =
  /^(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}([./])\d{1,2}\2\d{1,2})(?=$|[ T])/;
const DIGITS = /^\d{9,19}(?:\.\d+)?$/;

/** Explains why a value is not a point in time and what would be valid. Null if `parseInstant` accepts it. */
export function instantProblem(value: unknown): FieldProblem | null {
  if (typeof value === 'number') return EPOCH;
  if (typeof value !== 'string') return { code: 'wrong_type', detail: 'must be a string' };
  if (parseInstant(value) !== undefined) return null;
  if (DIGITS.test(value)) return EPOCH;
  if (DAY_IN_ANOTHER_FORM.test(value)) return OTHER_ORDER;
  const day = DAY_AND_TIME.exec(value)?.[1];
  if (day !== undefined && parseInstant(`${value}Z`) !== undefined) return NO_OFFSET;
  return DAY.test(day ?? value) && parseInstant(day ?? value) === undefined ? NO_SUCH_DAY : NOT_AN_INSTANT;
}
