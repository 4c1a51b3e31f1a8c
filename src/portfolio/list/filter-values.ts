import { ApiProperty, type SchemaObject } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn } from 'class-validator';
import { composed } from '../../platform/validation/field-rule.js';
import { IsKey, KEY_SCHEMA, MayBeAbsent } from '../../platform/validation/rules.js';

/** Filter value for accounts without a value. */
export const NONE = 'none';
const MAX_VALUES = 50;
const COMMA = /(?<!\\),/;

/** The values of a filter, separated by commas or sent as repeated parameters. A comma within a value is escaped as `\,`. */
export function filterValues(given: unknown): unknown {
  const texts: unknown[] = Array.isArray(given) ? given : [given];
  return texts.flatMap((text) =>
    typeof text === 'string' ? text.split(COMMA).map((value) => value.replaceAll('\\,', ',')) : [text],
  );
}

const areValues = (each: PropertyDecorator, item: SchemaObject): PropertyDecorator =>
  composed(
    MayBeAbsent(),
    Transform(({ value }) => (value === undefined ? undefined : filterValues(value))),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MAX_VALUES),
    each,
    ApiProperty({ type: 'array', items: item, minItems: 1, maxItems: MAX_VALUES }),
  );

/** One or more of these values. */
export const AreOneOf = (values: readonly string[]): PropertyDecorator =>
  areValues(IsIn(values, { each: true }), { type: 'string', enum: [...values] });

/** One or more names. */
export const AreKeys = (): PropertyDecorator => areValues(IsKey({ each: true }), KEY_SCHEMA);
