import { defineRule } from '../../platform/validation/field-rule.js';
import { keyProblem } from '../../platform/validation/text-checks.js';
import type { FieldProblem } from '../../platform/validation/violation.js';

/** An id as tracking clients send it: text, or an integer such as a database key. */
export type ClientId = string | number;

const DOCS = {
  oneOf: [{ type: 'string', maxLength: 255 }, { type: 'integer' }],
  description: 'Integers are converted to text',
};

const NOT_EXACT: FieldProblem = {
  code: 'out_of_range',
  detail: `must be a string, or a whole number up to ${Number.MAX_SAFE_INTEGER}; send larger or fractional numbers as strings`,
};
const WRONG_TYPE: FieldProblem = { code: 'wrong_type', detail: 'must be a string or a whole number' };

function idProblem(value: unknown): FieldProblem | null {
  if (typeof value === 'string') return keyProblem(value);
  if (typeof value !== 'number') return WRONG_TYPE;
  // Parsing JSON has already rounded a larger one, so two ids could become one.
  return Number.isSafeInteger(value) ? null : NOT_EXACT;
}

export const IsClientId = defineRule('isClientId', idProblem, DOCS);

/** Segment's clients send "" for an unknown id. */
export const IsClientIdOrEmpty = defineRule(
  'isClientIdOrEmpty',
  (value) => (value === '' ? null : idProblem(value)),
  DOCS,
);

/** Undefined if there is none. */
export function idText(id: ClientId | null | undefined): string | undefined {
  return id === null || id === undefined || id === '' ? undefined : String(id);
}
