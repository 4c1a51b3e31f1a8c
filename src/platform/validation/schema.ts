import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { findCheck } from './field-rule.js';
import { type Class, findShape, isPresent } from './rules.js';

export type UnknownFields = 'refuse' | 'allow';

export type JsonSchema = Record<string, unknown>;

/** The value of the keyword `rule`: the name of a `defineRule` check, and whether null is allowed. */
export interface RuleRef {
  name: string;
  nullable: boolean;
}

/** Supported class-validator decorators; all others must come from `defineRule`. */
const BUILT_IN = new Map<string, (constraint: unknown) => JsonSchema>([
  ['isString', () => ({ type: 'string' })],
  ['isInt', () => ({ type: 'integer' })],
  ['isNumber', numberSchema],
  ['isBoolean', () => ({ type: 'boolean' })],
  ['isObject', () => ({ type: 'object' })],
  ['isArray', () => ({ type: 'array' })],
  ['isIn', (values) => ({ enum: values })],
  ['min', (min) => ({ minimum: min })],
  ['max', (max) => ({ maximum: max })],
  ['maxLength', (max) => ({ maxText: max })],
  ['arrayMaxSize', (max) => ({ maxItems: max })],
]);

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** One property of a DTO as JSON Schema. `rule`, `maxText` and `storable` are custom keywords, see keywords.ts. */
export interface FieldSchema {
  name: string;
  required: boolean;
  nullable: boolean;
  schema: JsonSchema;
}

/** Reads class-validator's metadata, so that both validators use the same rules. Throws on an unsupported decorator. */
export function fieldSchemas(
  dto: Class,
  unknownFields: UnknownFields,
  required: readonly string[] = [],
): FieldSchema[] {
  const byName = new Map<string, Metadata[]>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    byName.set(metadata.propertyName, [metadata, ...(byName.get(metadata.propertyName) ?? [])]);
  }
  if (byName.size === 0) throw new Error(`${dto.name} has no validation decorators.`);
  const unknown = required.find((name) => !byName.has(name));
  if (unknown !== undefined) throw new Error(`${dto.name} has no field ${unknown} to require.`);
  return [...byName].map(([name, rules]) =>
    fieldSchema(dto, name, rules, unknownFields, required.includes(name)),
  );
}

export function objectSchema(fields: readonly FieldSchema[], unknownFields: UnknownFields): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    required: fields.filter((field) => field.required).map(({ name }) => name),
    ...(unknownFields === 'refuse' ? { additionalProperties: false } : {}),
  };
}

function fieldSchema(
  dto: Class,
  name: string,
  rules: Metadata[],
  unknownFields: UnknownFields,
  required: boolean,
): FieldSchema {
  const field = `${dto.name}.${name}`;
  const whole: JsonSchema = {};
  const items: JsonSchema = {};
  let mayBeAbsent = false;
  let mayBeNull = false;
  for (const rule of rules) {
    if (rule.groups?.length > 0 || rule.validateIf)
      throw new Error(`${field}: groups and validateIf are not supported.`);
    if (rule.type === ValidationTypes.CONDITIONAL_VALIDATION) {
      if (rule.name !== 'isOptional' && rule.constraints[0] !== isPresent)
        throw new Error(`${field}: ValidateIf is not supported.`);
      mayBeAbsent = true;
      mayBeNull = rule.name === 'isOptional';
    } else {
      merge(rule.each ? items : whole, ruleSchema(dto, rule, unknownFields), field);
    }
  }
  if (Object.keys(items).length > 0) {
    if (whole.type !== 'array') throw new Error(`${field}: a rule with each needs IsArray.`);
    whole.items = withStorable(items);
  }
  const nullable = mayBeNull && !required;
  const schema = withStorable(whole);
  return {
    name,
    required: required || !mayBeAbsent,
    nullable,
    schema: nullable ? nullableSchema(schema) : schema,
  };
}

function ruleSchema(dto: Class, rule: Metadata, unknownFields: UnknownFields): JsonSchema {
  const field = `${dto.name}.${rule.propertyName}`;
  if (rule.type === ValidationTypes.NESTED_VALIDATION) {
    const shape = findShape(dto.prototype as object, rule.propertyName);
    if (shape === undefined) throw new Error(`${field}: ValidateNested is supported through IsShape only.`);
    return objectSchema(fieldSchemas(shape, unknownFields), unknownFields);
  }
  const [constraint] = (rule.constraints ?? []) as unknown[];
  const name = rule.name ?? rule.type;
  const builtIn = BUILT_IN.get(name);
  if (builtIn !== undefined) return builtIn(constraint);
  if (findCheck(name) === undefined) throw new Error(`${field}: the decorator ${name} is not supported.`);
  return { rule: { name, nullable: false } satisfies RuleRef };
}

function numberSchema(options: unknown): JsonSchema {
  if (Object.keys(options as object).length > 0)
    throw new Error('Options of the decorator isNumber are not supported.');
  return { type: 'number' };
}

function merge(into: JsonSchema, from: JsonSchema, field: string): void {
  for (const [key, value] of Object.entries(from)) {
    if (key in into && into[key] !== value)
      throw new Error(`${field}: two rules give different values of ${key}.`);
    into[key] = value;
  }
}

const CLOSED_TYPES: readonly unknown[] = ['integer', 'number', 'boolean', 'array'];

/**
 * Strings and free-form objects are checked for values the database cannot store; nested objects and lists are checked
 * field by field and item by item. List items without rules are left to their reader.
 */
function withStorable(schema: JsonSchema): JsonSchema {
  const closed =
    CLOSED_TYPES.includes(schema.type) || schema.enum !== undefined || schema.properties !== undefined;
  return closed || (schema.rule as RuleRef | undefined)?.name === 'isInstant'
    ? schema
    : { ...schema, storable: true };
}

function nullableSchema(schema: JsonSchema): JsonSchema {
  const { type, enum: allowed, rule } = schema;
  return {
    ...schema,
    ...(type === undefined ? {} : { nullable: true }),
    ...(Array.isArray(allowed) ? { enum: [...(allowed as unknown[]), null] } : {}),
    ...(rule === undefined ? {} : { rule: { ...(rule as RuleRef), nullable: true } satisfies RuleRef }),
  };
}
