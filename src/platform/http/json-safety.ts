import type { ProblemItem } from '../errors.js';
import { pointerStep } from '../validation/violation.js';

const MAX_DEPTH = 64;
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * Finds what must not get past the parser: nesting that would overflow the stack, and text that PostgreSQL cannot store.
 * With `mayHoldEscapes` false strings are not checked, since JSON needs an escape to write either.
 */
export function unsafeJson(value: unknown, mayHoldEscapes: boolean): ProblemItem | null {
  return inspect(value, 0, mayHoldEscapes);
}

/** The pointer is built while returning from a problem, so valid JSON pays nothing for it. */
function inspect(value: unknown, depth: number, texts: boolean): ProblemItem | null {
  if (typeof value === 'string') return texts ? inspectText(value) : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) {
    return {
      code: 'too_deep',
      detail: `JSON must not be nested deeper than ${MAX_DEPTH} levels`,
      pointer: '',
    };
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const problem = inspect(value[i], depth + 1, texts);
      if (problem) return below(i, problem);
    }
    return null;
  }
  for (const key in value) {
    const named = texts ? inspectText(key) : null;
    if (named) return named;
    const problem = inspect((value as Record<string, unknown>)[key], depth + 1, texts);
    if (problem) return below(key, problem);
  }
  return null;
}

function inspectText(text: string): ProblemItem | null {
  if (!UNSTORABLE.test(text)) return null;
  return { code: 'invalid_text', detail: 'A string contains NUL or a lone surrogate', pointer: '' };
}

const below = (key: string | number, problem: ProblemItem): ProblemItem => ({
  ...problem,
  pointer: pointerStep(key) + (problem.pointer ?? ''),
});
