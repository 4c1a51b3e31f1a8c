import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn } from 'class-validator';
import { composed } from '../../platform/validation/field-rule.js';
import { IsKey, MayBeAbsent } from '../../platform/validation/rules.js';

/** In a filter: accounts that have no value. */
export const NONE = 'none';
const MAX_VALUES = 50;
const COMMA = /(?<!\\),/;

/** The values of a filter, with commas between them or sent as several parameters. A comma of a value itself is written `\,`. */
export function filterValues(given: unknown): unknown {
  const texts: unknown[] = Array.isArray(given) ? given : [given];
  return texts.flatMap((text) =>
    typeof text === 'string' ? text.split(COMMA).map((value) => value.replaceAll('\\,', ',')) : [text],
  );
}

const areValues = (each: PropertyDecorator): PropertyDecorator =>
  composed(
    MayBeAbsent(),
    Transform(({ value }) => (value === undefined ? undefined : filterValues(value))),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MAX_VALUES),
    each,
  );

/** One or more of these values. */
export const AreOneOf = (values: readonly string[]): PropertyDecorator =>
  areValues(IsIn(values, { each: true }));

/** One or more names that are looked up. */
export const AreKeys = (): PropertyDecorator => areValues(IsKey({ each: true }));
