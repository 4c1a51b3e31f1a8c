import type { ValidationError } from 'class-validator';
import { DomainError, type ProblemItem } from '../errors.js';

const OF_TYPE = /^(isString|isInt|isNumber|isBoolean|isArray|isObject|isDate|nestedValidation)$/;
const CODES: [RegExp, string][] = [
  [/^whitelistValidation$/, 'unknown_field'],
  [OF_TYPE, 'wrong_type'],
  [/^(min|max|isPositive|isNegative|minDate|maxDate)$/, 'out_of_range'],
  [/^(isIn|isEnum|isNotIn)$/, 'not_allowed'],
  [/^(maxLength|isLength)$/, 'too_long'],
  [/^(arrayMaxSize|arrayUnique)$/, 'too_many'],
];

/** Converts class-validator's errors: each has a pointer, none contains the value. */
export function validationProblem(errors: ValidationError[]): DomainError {
  const items = errors.flatMap((error) => itemsOf(error, ''));
  const [first] = items;
  const detail = items.length === 1 && first ? first.detail : `${items.length} fields are invalid`;
  return new DomainError('validation_failed', 400, detail, { pointer: first?.pointer, errors: items });
}

function itemsOf(error: ValidationError, parent: string): ProblemItem[] {
  const name = error.property.slice(0, 100);
  const pointer = `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const broken = Object.entries(error.constraints ?? {});
  // A non-number violates every range rule too; that it is not a number is the useful message.
  const [rule, message] = broken.find(([name]) => OF_TYPE.test(name)) ?? broken[0] ?? [];
  const own = rule === undefined ? [] : [itemOf(error, rule, message ?? '', pointer)];
  return [...own, ...(error.children ?? []).flatMap((child) => itemsOf(child, pointer))];
}

function itemOf(error: ValidationError, rule: string, message: string, pointer: string): ProblemItem {
  if (rule === 'whitelistValidation') {
    return { code: 'unknown_field', detail: `Unknown field ${error.property.slice(0, 100)}`, pointer };
  }
  if (error.value === undefined) return { code: 'missing', detail: `${error.property} is required`, pointer };
  return {
    code: CODES.find(([pattern]) => pattern.test(rule))?.[1] ?? 'malformed',
    detail: message,
    pointer,
  };
}
