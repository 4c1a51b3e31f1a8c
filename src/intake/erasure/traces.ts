import type { Fields, Json } from '../../accounts/states/fold.js';
import { comparable } from './erased-persons.js';

export interface Names {
  /** Contact ids, user ids, addresses. */
  readonly ids: readonly string[];
  /** Names a person is called by: others may have the same. */
  readonly called: readonly string[];
}

/** An id or a single name may be a word like any other, or a number; an address or a full name is nobody else's. */
function telling({ ids, called }: Names): { long: string[]; short: string[] } {
  const long = [
    ...ids.filter((id) => id.includes('@')),
    ...called.filter((name) => name.trim().includes(' ')),
  ];
  const known = new Set(long);
  return { long, short: [...ids, ...called].filter((name) => !known.has(name)) };
}

/**
 * What stands in the JSON text of every value in which `Traces` finds the person, in lower case: short names as a whole
 * string with its quotes, so that the id 7 does not make a suspect of every text with a 7.
 */
export function searchTexts(names: Names): string[] {
  const { long, short } = telling(names);
  return [
    ...long.map((name) => JSON.stringify(name).slice(1, -1)),
    ...short.map((name) => JSON.stringify(name)),
  ].map((text) => text.toLowerCase());
}

/** Fields in which a person may be named; the others hold ids of something else, or one of a few words. */
const NAMING = new Set([
  'contactId',
  'by',
  'csm',
  'name',
  'traits',
  'comment',
  'note',
  'endComment',
  'subject',
]);

/**
 * Finds a person in texts. An id or a single name is found only as a whole value, since it may be a word like any other;
 * an address or a full name also inside a longer text.
 */
export class Traces {
  private readonly whole: ReadonlySet<string>;
  private readonly inside: readonly string[];

  constructor(names: Names) {
    this.whole = new Set([...names.ids, ...names.called].map((name) => comparable(name)));
    this.inside = telling(names).long.map((name) => name.toLowerCase());
  }

  in(text: string): boolean {
    const folded = text.toLowerCase();
    return this.whole.has(comparable(text)) || this.inside.some((name) => folded.includes(name));
  }

  inJson(value: unknown): boolean {
    if (typeof value === 'string') return this.in(value);
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, item]) => this.in(key) || this.inJson(item));
  }

  /** The patch with null in place of whatever names the person; of a record about the person, all `freeText` goes. */
  without(patch: Fields, freeText: readonly string[]): Fields {
    return Object.fromEntries(
      Object.entries(patch).map(([field, value]) => [
        field,
        freeText.includes(field) ? null : NAMING.has(field) ? this.cleared(value) : value,
      ]),
    );
  }

  private cleared(value: Json): Json {
    if (typeof value === 'string') return this.in(value) ? null : value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const kept = Object.entries(value).filter(([key]) => !this.in(key));
    return Object.fromEntries(kept.map(([key, item]) => [key, this.cleared(item)]));
  }
}
