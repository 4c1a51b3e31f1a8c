import { type Item, type Problem } from './item.js';

/** Deeper values would overflow the stack of whatever walks them later by recursion. */
export const maxDepth = 100;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of an item, or undefined if its bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

export const invalidUtf8: Problem = { code: 'invalid_utf8', detail: 'The bytes are not valid UTF-8' };

export const tooLarge = (maxBytes: number): Problem => ({
  code: 'too_large',
  detail: `An item may have at most ${maxBytes} bytes`,
});

export function parseJson(text: string, line: number, bytes: number): Item {
  if (isTooDeep(text))
    return {
      line,
      problem: { code: 'too_deep', detail: `Values may be nested at most ${maxDepth} levels deep` },
    };
  try {
    return { line, value: JSON.parse(text) as unknown, bytes };
  } catch (error) {
    return { line, problem: { code: 'malformed_json', detail: detailOf(error) } };
  }
}

/** V8's message quotes the input, so only the position is used. */
function detailOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('end of JSON input')) return 'Invalid JSON: unexpected end';
  const place = /at position (\d+)/.exec(message)?.[1];
  return place === undefined ? 'Invalid JSON' : `Invalid JSON at character ${Number(place) + 1}`;
}

export function isTooDeep(text: string): boolean {
  // Two native searches are enough for text with few opening brackets, which is nearly all of it.
  if (count(text, '{') + count(text, '[') <= maxDepth) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (char === '}' || char === ']') depth -= 1;
  }
  return false;
}

function count(text: string, char: string): number {
  let found = 0;
  for (let at = text.indexOf(char); at !== -1 && found <= maxDepth; at = text.indexOf(char, at + 1))
    found += 1;
  return found;
}
