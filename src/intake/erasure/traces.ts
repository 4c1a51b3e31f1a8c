import type { Fields, Json } from '../../accounts/states/fold.js';
import { comparable } from './erased-persons.js';

export interface Names {
  /** Contact ids, user ids, addresses. */
  readonly ids: readonly string[];
  /** Names of the person. Other people may have the same name. */
  readonly called: readonly string[];
}

/** A short id or a single name may be an ordinary word or a number. An address or a full name identifies the person. */
function telling({ ids, called }: Names): { long: string[]; short: string[] } {
  const long = [
    ...ids.filter((id) => id.includes('@')),
    ...called.filter((name) => name.trim().includes(' ')),
  ];
  const known = new Set(long);
  return { long, short: [...ids, ...called].filter((name) => !known.has(name)) };
}

/**
 * Lower-case texts to search JSON for. Every value in which `Traces` finds the person contains one of them. Short names include their
 * quotes, so that the id 7 does not match every text with a 7.
 */
export function searchTexts(names: Names): string[] {
  const { long, short } = telling(names);
  return [
    ...long.map((name) => JSON.stringify(name).slice(1, -1)),
    ...short.map((name) => JSON.stringify(name)),
  ].map((text) => text.toLowerCase());
}

/** Fields that may name a person. The others hold other ids or fixed values. */
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
 * Finds a person in texts. An id or a single name matches only a whole value, because it may be an ordinary word. An address or a
 * full name also matches inside a longer text.
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

  /** The patch with null for everything that names the person. In a record about the person, all `freeText` fields are cleared. */
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
