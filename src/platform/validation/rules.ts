import { ApiProperty, type SchemaObject } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { composed, defineRule } from './field-rule.js';
import { instantProblem } from './instant-problem.js';
import { currencyProblem, emailProblem, keyProblem, timeZoneProblem } from './text-checks.js';
import type { FieldProblem } from './violation.js';

export type Class = new () => object;

export const MAX_LIST = 1000;
export const MAX_MINOR_UNITS = Number.MAX_SAFE_INTEGER;

/** A point in time as a string that `parseInstant` accepts. */
export const IsInstant = defineRule('isInstant', instantProblem, { type: String, format: 'date-time' });

/** Of `IsKey`, for lists of them. */
export const KEY_SCHEMA = { type: 'string', minLength: 1, maxLength: 255 } as const;

/** An id or a name used as a key: 1 to 255 characters, not blank, no control characters. */
export const IsKey = defineRule(
  'isKey',
  (value) => (typeof value === 'string' ? keyProblem(value) : notText(value)),
  { ...KEY_SCHEMA, type: String },
);

/** ISO 4217, uppercase. */
export const IsCurrencyCode = defineRule(
  'isCurrencyCode',
  (value) => (typeof value === 'string' ? currencyProblem(value) : notText(value)),
  { type: String, pattern: '^[A-Z]{3}$', example: 'USD' },
);

export const IsEmailAddress = defineRule(
  'isEmailAddress',
  (value) => (typeof value === 'string' ? emailProblem(value) : notText(value)),
  { type: String, format: 'email', maxLength: 254 },
);

/** A name from the IANA time zone database. */
export const IsTimeZoneName = defineRule(
  'isTimeZoneName',
  (value) => (typeof value === 'string' ? timeZoneProblem(value) : notText(value)),
  { type: String, maxLength: 64, example: 'Europe/Berlin' },
);

export const IsText = (maxLength: number): PropertyDecorator =>
  composed(IsString(), MaxLength(maxLength), ApiProperty({ type: String, maxLength }));

/** Up to 1,000 keys. */
export const IsKeyList = (): PropertyDecorator =>
  composed(IsArray(), ArrayMaxSize(MAX_LIST), IsKey({ each: true }), listOf(KEY_SCHEMA));

/** Up to 1,000 points in time. */
export const IsInstantList = (): PropertyDecorator =>
  composed(
    IsArray(),
    ArrayMaxSize(MAX_LIST),
    IsInstant({ each: true }),
    listOf({ type: 'string', format: 'date-time' }),
  );

export const IsWhole = (min: number, max: number): PropertyDecorator =>
  composed(IsInt(), Min(min), Max(max), ApiProperty({ type: 'integer', minimum: min, maximum: max }));

export const IsMeasure = (min: number, max: number): PropertyDecorator =>
  composed(IsNumber(), Min(min), Max(max), ApiProperty({ type: Number, minimum: min, maximum: max }));

/** Money in minor units (cents). */
export const IsMinorUnits = (min = 0): PropertyDecorator => IsWhole(min, MAX_MINOR_UNITS);

export const isPresent = (_object: object, value: unknown): boolean => value !== undefined;

/** Optional but not nullable, unlike `IsOptional`. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf(isPresent);

const nested = new Map<string, WeakMap<object, () => Class>>();

/** A nested object. */
export const IsShape = (shape: () => Class): PropertyDecorator =>
  composed(IsObject(), ValidateNested(), Type(shape), (target, property) => {
    const byPrototype = nested.get(String(property)) ?? new WeakMap<object, () => Class>();
    nested.set(String(property), byPrototype.set(target, shape));
  });

/** The class passed to `IsShape` for a property. */
export function findShape(prototype: object, property: string): Class | undefined {
  return nested.get(property)?.get(prototype)?.();
}

function notText(value: unknown): FieldProblem | null {
  return typeof value === 'string' ? null : { code: 'wrong_type', detail: 'must be a string' };
}

function listOf(items: SchemaObject): PropertyDecorator {
  return ApiProperty({ type: 'array', items, maxItems: MAX_LIST });
}
