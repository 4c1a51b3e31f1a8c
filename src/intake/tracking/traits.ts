import type { Fields, Json } from '../../accounts/states/fold.js';
import { parseInstant } from '../../platform/validation/instant.js';
import { emailProblem, timeZoneProblem } from '../../platform/validation/text-checks.js';

const MAX_TEXT = 1000;
const MAX_DEPTH = 3;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && value.length <= MAX_TEXT ? value : undefined;
}

/**
 * Of a `group` call's traits, `name` and `createdAt` are the account's; all others become its traits: objects flattened
 * (`address.city`), lists as JSON text.
 */
export function groupFields(traits: Record<string, unknown>): {
  name?: string;
  createdAt?: string;
  traits: Fields;
} {
  const { name, createdAt, ...rest } = traits;
  const own = typeof createdAt === 'string' && parseInstant(createdAt) !== undefined ? createdAt : undefined;
  const kept = own === undefined && createdAt !== undefined ? { ...rest, createdAt } : rest;
  return { name: text(name), createdAt: own, traits: flat(kept, '', 1) };
}

function flat(traits: Record<string, unknown>, prefix: string, depth: number): Fields {
  const result: Fields = {};
  for (const [key, value] of Object.entries(traits)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < MAX_DEPTH) {
      Object.assign(result, flat(value as Record<string, unknown>, `${prefix}${key}.`, depth + 1));
    } else if (typeof value === 'object' && value !== null)
      result[prefix + key] = JSON.stringify(value).slice(0, MAX_TEXT);
    else result[prefix + key] = typeof value === 'string' ? value.slice(0, MAX_TEXT) : (value as Json);
  }
  return result;
}

/** Of an `identify` call's traits only what a contact is made of is kept: address, name, time zone. */
export function contactFields(traits: Record<string, unknown>): Fields {
  const fields: Fields = {};
  const email = text(traits['email']);
  if (email !== undefined && emailProblem(email) === null) fields['email'] = email;
  const parts = [traits['firstName'], traits['lastName']].map(text).filter((part) => part !== undefined);
  const name = text(traits['name']) ?? (parts.length > 0 ? parts.join(' ') : undefined);
  if (name !== undefined) fields['name'] = name;
  const zone = text(traits['timezone'] ?? traits['timeZone']);
  if (zone !== undefined && timeZoneProblem(zone) === null) fields['timeZone'] = zone;
  return fields;
}
