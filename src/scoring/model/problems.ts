export interface Problem {
  /** RFC 6901, from the root of the input. */
  readonly pointer: string;
  readonly code:
    | 'unknown_field'
    | 'missing'
    | 'wrong_type'
    | 'out_of_range'
    | 'not_allowed'
    | 'malformed'
    | 'too_long'
    | 'too_many';
  /** A sentence for people; it never repeats a long value. */
  readonly detail: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Collects all problems; validation continues after each one. */
export class ProblemList {
  readonly found: Problem[] = [];

  add(pointer: string, code: Problem['code'], detail: string): void {
    this.found.push({ pointer, code, detail });
  }

  /** The fields of an object, or null if it is not one. Reports unknown fields. */
  object(
    value: unknown,
    pointer: string,
    required: readonly string[],
    optional: readonly string[],
  ): Fields | null {
    if (value === undefined) {
      this.add(pointer, 'missing', 'Required');
      return null;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.add(pointer, 'wrong_type', 'Must be an object');
      return null;
    }
    const known = new Set([...required, ...optional]);
    for (const key of Object.keys(value)) {
      if (!known.has(key)) {
        this.add(`${pointer}/${step(key)}`, 'unknown_field', 'Unknown field');
      }
    }
    return value as Fields;
  }

  list(value: unknown, pointer: string, { min, max }: { min: number; max: number }): readonly unknown[] {
    if (value === undefined) this.add(pointer, 'missing', 'Required');
    else if (!Array.isArray(value)) this.add(pointer, 'wrong_type', 'Must be a list');
    else if (value.length < min) this.add(pointer, 'out_of_range', `Must have at least ${min} items`);
    else if (value.length > max) this.add(pointer, 'too_many', `Must have at most ${max} items`);
    else return value;
    return [];
  }

  number(value: unknown, pointer: string, { min, max }: { min: number; max: number }): number | null {
    if (value === undefined) this.add(pointer, 'missing', 'Required');
    else if (typeof value !== 'number' || !Number.isFinite(value)) {
      this.add(pointer, 'wrong_type', 'Must be a finite number');
    } else if (value < min || value > max) {
      this.add(pointer, 'out_of_range', `Must be from ${min} to ${max}`);
    } else return value;
    return null;
  }

  text(value: unknown, pointer: string, max: number): string | null {
    if (value === undefined) this.add(pointer, 'missing', 'Required');
    else if (typeof value !== 'string') this.add(pointer, 'wrong_type', 'Must be a string');
    else if (value.trim() === '' || /[\p{Cc}\p{Cs}]/u.test(value)) {
      this.add(pointer, 'malformed', 'Must not be blank or contain control or invalid characters');
    } else if (value.length > max) this.add(pointer, 'too_long', `Must not be longer than ${max} characters`);
    else return value;
    return null;
  }

  /** Reports duplicate keys. */
  once(value: string | null, seen: Set<string>, pointer: string): void {
    if (value === null) return;
    if (seen.has(value)) this.add(pointer, 'not_allowed', 'Must be unique');
    seen.add(value);
  }
}

const STEP_SHOWN = 200;

function step(key: string): string {
  return key
    .slice(0, STEP_SHOWN)
    .replace(/\p{Cs}/gu, '\ufffd')
    .replaceAll('~', '~0')
    .replaceAll('/', '~1');
}
