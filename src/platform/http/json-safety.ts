import type { ProblemItem } from '../errors.js';

const MAX_DEPTH = 64;
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * What must not come further than the parser: nesting that would exhaust the stack of whoever walks it, and text that
 * PostgreSQL cannot hold. `mayHoldEscapes` false spares looking at the texts: without an escape JSON cannot write either.
 */
export function unsafeJson(value: unknown, mayHoldEscapes: boolean): ProblemItem | null {
  return inspect(value, '', 0, mayHoldEscapes);
}

function inspect(value: unknown, pointer: string, depth: number, texts: boolean): ProblemItem | null {
  if (typeof value === 'string') return texts ? inspectText(value, pointer) : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) {
    return { code: 'too_deep', detail: `JSON must not nest deeper than ${MAX_DEPTH} levels`, pointer };
  }
  for (const [key, inner] of Object.entries(value)) {
    const at = `${pointer}/${key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const problem = (texts ? inspectText(key, pointer) : null) ?? inspect(inner, at, depth + 1, texts);
    if (problem) return problem;
  }
  return null;
}

function inspectText(text: string, pointer: string): ProblemItem | null {
  if (!UNSTORABLE.test(text)) return null;
  return { code: 'invalid_text', detail: 'A text holds NUL or a lone surrogate', pointer };
}
