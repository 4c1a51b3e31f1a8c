import { composed } from '../../platform/validation/field-rule.js';
import { type Class, MayBeAbsent } from '../../platform/validation/rules.js';

const fields = new Map<object, string[]>();

/**
 * Required in the first state of a record; a later patch may omit it. Never null. The compiled validator gets it through
 * its option `required`; class-validator alone allows the field to be absent.
 */
export const RequiredAtFirst = (): PropertyDecorator =>
  composed(MayBeAbsent(), (prototype, property) => {
    fields.set(prototype, [...(fields.get(prototype) ?? []), String(property)]);
  });

/** The fields marked with it, in the order of the class. */
export function requiredAtFirst(dto: Class): string[] {
  return fields.get(dto.prototype as object) ?? [];
}
