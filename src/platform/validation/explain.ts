import type { ErrorObject } from 'ajv';
import { MAX_MINOR_UNITS } from './rules.js';
import { type FieldProblem, pointerStep, shownName, type Violation } from './violation.js';

const TYPES: Record<string, string> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a finite number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** Explains an ajv error without repeating the value, which may be long or personal. */
export function explain(error: ErrorObject): Violation {
  const params = error.params as Record<string, unknown>;
  const pointer = error.instancePath;
  if (error.keyword === 'additionalProperties')
    return unknownField(pointer, String(params.additionalProperty));
  if (error.keyword === 'required') return missing(pointer + pointerStep(String(params.missingProperty)));
  const problem = problemOf(error.keyword, params, error.parentSchema ?? {}, error.data);
  return worded(pointer, problem);
}

export function unknownField(parentPointer: string, name: string): Violation {
  return {
    code: 'unknown_field',
    detail: `Unknown field ${shownName(name)}`,
    pointer: parentPointer + pointerStep(name),
  };
}

export function missing(pointer: string): Violation {
  return worded(pointer, { code: 'missing', detail: 'is required' });
}

export function worded(pointer: string, { code, detail, pointer: below = '' }: FieldProblem): Violation {
  const whole = pointer + below;
  const name =
    whole === ''
      ? 'The body'
      : shownName(whole.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~'));
  return { code, detail: `${name} ${detail}`, pointer: whole };
}

function problemOf(
  keyword: string,
  params: Record<string, unknown>,
  schema: Record<string, unknown>,
  value: unknown,
): FieldProblem {
  switch (keyword) {
    case 'type':
      if (schema.maximum === MAX_MINOR_UNITS && (typeof value === 'number' || isWrittenNumber(value)))
        return NO_MINOR_UNITS;
      if (isWrittenNumber(value)) {
        if (schema.type === 'integer') return NO_WHOLE_NUMBER;
        if (schema.type === 'number') return NO_NUMBER;
      }
      return {
        code: 'wrong_type',
        detail: `must be ${TYPES[String(schema.type)] ?? 'of the expected type'}`,
      };
    case 'enum':
      return { code: 'not_allowed', detail: `must be one of ${listed(schema.enum)}` };
    case 'minimum':
      return { code: 'out_of_range', detail: `must be at least ${String(params.limit)}` };
    case 'maximum':
      return { code: 'out_of_range', detail: `must be at most ${String(params.limit)}` };
    case 'maxItems':
      return { code: 'too_many', detail: `must not have more than ${String(params.limit)} items` };
    default:
      return (params.problem as FieldProblem | undefined) ?? { code: 'malformed', detail: 'is not valid' };
  }
}

/** Numbers as people and spreadsheets write them: "1.234,56", "$1,234", "123 456". */
const isWrittenNumber = (value: unknown): boolean =>
  typeof value === 'string' && value.length < 40 && /^\P{L}*\d\P{L}*$/u.test(value);

const NO_MINOR_UNITS: FieldProblem = {
  code: 'wrong_type',
  detail: 'must be a whole number of minor units (cents), such as 123456 for 1,234.56',
};
const NO_WHOLE_NUMBER: FieldProblem = {
  code: 'wrong_type',
  detail: 'must be a whole number without separators, such as 1234',
};
const NO_NUMBER: FieldProblem = {
  code: 'wrong_type',
  detail: 'must be a number with a decimal point and no thousands separators, such as 1234.5',
};

function listed(values: unknown): string {
  return Array.isArray(values) ? values.filter((value) => value !== null).join(', ') : '';
}
