import type { ValidateFunction } from 'ajv';
import { explain, missing, unknownField, worded } from './explain.js';
import { createAjv } from './keywords.js';
import type { Class } from './rules.js';
import { type FieldSchema, fieldSchemas, objectSchema, type UnknownFields } from './schema.js';
import type { Violation } from './violation.js';

const MAX_VIOLATIONS = 10;

export interface ValidatorOptions {
  unknownFields: UnknownFields;
  /** Fields required in addition to those the class requires; they must not be null. */
  required?: readonly string[];
}

export type Validator = (value: unknown) => Violation[] | null;

/**
 * Turns a DTO's class-validator decorators into a validator that is about 60 times faster, with the same results. It is compiled at its
 * first call: all of them together would take most of the start. Nothing is coerced. It returns null for a valid value, else up to ten violations in the order of the class, one per
 * field, unknown fields last. Throws on an unsupported decorator.
 */
export function compileValidator(dto: Class, { unknownFields, required }: ValidatorOptions): Validator {
  const fields = fieldSchemas(dto, unknownFields, required);
  let isValid: ValidateFunction | undefined;
  let inspectors: FieldInspector[] | undefined;
  return (value) => {
    isValid ??= createAjv().compile(objectSchema(fields, unknownFields));
    if (isValid(value)) return null;
    inspectors ??= fieldInspectors(fields);
    return violationsOf(value, fields, inspectors, unknownFields);
  };
}

interface FieldInspector {
  field: FieldSchema;
  isValid: ValidateFunction;
}

/** One small validator per field, compiled at the first invalid value. This bounds the work for a bad body, unlike `allErrors`. */
function fieldInspectors(fields: readonly FieldSchema[]): FieldInspector[] {
  const ajv = createAjv();
  return fields.map((field) => ({
    field,
    isValid: ajv.compile({ type: 'object', properties: { [field.name]: field.schema } }),
  }));
}

function violationsOf(
  value: unknown,
  fields: readonly FieldSchema[],
  inspectors: readonly FieldInspector[],
  unknownFields: UnknownFields,
): Violation[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [worded('', { code: 'wrong_type', detail: 'must be an object' })];
  }
  const violations: Violation[] = [];
  for (const { field, isValid } of inspectors) {
    const violation = fieldViolation(value as Record<string, unknown>, field, isValid);
    if (violation !== null) violations.push(violation);
    if (violations.length === MAX_VIOLATIONS) return violations;
  }
  if (unknownFields === 'allow') return violations;
  const known = new Set(fields.map(({ name }) => name));
  for (const name in value) {
    if (!known.has(name)) violations.push(unknownField('', name));
    if (violations.length === MAX_VIOLATIONS) return violations;
  }
  return violations;
}

function fieldViolation(
  body: Record<string, unknown>,
  field: FieldSchema,
  isValid: ValidateFunction,
): Violation | null {
  const value = body[field.name];
  if (value === undefined) return field.required ? missing(`/${field.name}`) : null;
  if (value === null && !field.nullable) {
    return field.required
      ? missing(`/${field.name}`)
      : worded(`/${field.name}`, {
          code: 'missing',
          detail: 'must not be null; leave it out to keep the stored value',
        });
  }
  if (isValid(body)) return null;
  const [error] = isValid.errors ?? [];
  return error === undefined ? null : explain(error);
}
