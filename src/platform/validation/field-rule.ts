import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { type ValidationOptions, ValidateBy } from 'class-validator';
import type { FieldProblem } from './violation.js';

/** Checks one value; `siblings` is the object that contains it, for rules that depend on another field. */
export type FieldCheck = (value: unknown, siblings: object) => FieldProblem | null;

export type FieldRule = (options?: Pick<ValidationOptions, 'each'>) => PropertyDecorator;

const checks = new Map<string, FieldCheck>();

/**
 * Defines a decorator. class-validator and the compiled validator call the same `check`, so they cannot disagree. `docs`
 * describes the value in OpenAPI (with `each`: an item). The check must reject undefined and null.
 */
export function defineRule(name: string, check: FieldCheck, docs?: ApiPropertyOptions): FieldRule {
  if (checks.has(name)) throw new Error(`A rule ${name} is defined already.`);
  checks.set(name, check);
  const passes = (value: unknown, siblings: object): boolean => check(value, siblings) === null;
  return (options) =>
    composed(
      ValidateBy(
        {
          name,
          validator: {
            validate: (value, args) => passes(value, args?.object ?? {}),
            defaultMessage: (args) =>
              `$property ${check(args?.value, args?.object ?? {})?.detail ?? 'is not valid'}`,
          },
        },
        options,
      ),
      ...(docs === undefined || options?.each ? [] : [ApiProperty(docs)]),
    );
}

export function findCheck(name: string): FieldCheck | undefined {
  return checks.get(name);
}

/** Combines several decorators. */
export function composed(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}
