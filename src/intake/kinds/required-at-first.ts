import { composed } from '../../platform/validation/field-rule.js';
import { type Class, MayBeAbsent } from '../../platform/validation/rules.js';

const fields = new Map<object, string[]>();

/**
 * Without this field the first state of a record makes no sense; a later patch may leave it out. It is never null. The compiled
 * validator is told through its option `required`; class-validator by itself lets the field be absent.
 */
export const RequiredAtFirst = (): PropertyDecorator =>
  composed(MayBeAbsent(), (prototype, property) => {
    fields.set(prototype, [...(fields.get(prototype) ?? []), String(property)]);
  });

/** The fields so marked, in the order of the class. */
export function requiredAtFirst(dto: Class): string[] {
  return fields.get(dto.prototype as object) ?? [];
}
