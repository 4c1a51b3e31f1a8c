/// <reference lib="es2024.string" />
import { type FieldProblem, pointerStep } from './violation.js';

/** Maximum nesting depth of JSON below a field: `{}` is one level. */
export const MAX_DEPTH = 20;

const UNSTORABLE: FieldProblem = {
  code: 'malformed',
  detail: 'must not contain NUL characters or lone surrogates',
};

/**
 * Finds the first part of a JSON value that cannot be stored: NUL or a lone surrogate in a string or key, a key
 * `__proto__` (it would change the prototype of the object it is copied to), an infinite number (`1e999` in JSON), nesting
 * beyond 20 levels. It does not go deeper than that, so deep input cannot overflow the stack.
 */
export function storableProblem(value: unknown): FieldProblem | null {
  return inspect(value, 1);
}

function inspect(value: unknown, depth: number): FieldProblem | null {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : { code: 'out_of_range', detail: 'must be a finite number' };
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH)
    return { code: 'too_deep', detail: `must not be nested deeper than ${MAX_DEPTH} levels` };
  return Array.isArray(value)
    ? inspectList(value, depth)
    : inspectObject(value as Record<string, unknown>, depth);
}

function inspectList(list: readonly unknown[], depth: number): FieldProblem | null {
  for (let i = 0; i < list.length; i++) {
    const problem = inspect(list[i], depth + 1);
    if (problem !== null) return below(i, problem);
  }
  return null;
}

function inspectObject(object: Record<string, unknown>, depth: number): FieldProblem | null {
  for (const key in object) {
    if (key === '__proto__') return { code: 'not_allowed', detail: 'must not have the key `__proto__`' };
    if (textProblem(key) !== null)
      return { code: 'malformed', detail: 'must not have keys with NUL characters or lone surrogates' };
    const problem = inspect(object[key], depth + 1);
    if (problem !== null) return below(key, problem);
  }
  return null;
}

function textProblem(text: string): FieldProblem | null {
  return text.includes('\0') || !text.isWellFormed() ? UNSTORABLE : null;
}

function below(key: string | number, problem: FieldProblem): FieldProblem {
  return { ...problem, pointer: pointerStep(key) + (problem.pointer ?? '') };
}
