import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from './errors.js';

const TAG_BYTES = 16;

/** Opaque to the caller: what a list has to remember between two pages, with a seal. `value` is any JSON. */
export function encodeCursor(secret: Buffer, value: unknown): string {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([seal(secret, body), body]).toString('base64url');
}

/** Throws 400 `bad_cursor` when the cursor was altered or made elsewhere. Its own list alone can tell whether the value is one of its own. */
export function decodeCursor(secret: Buffer, cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  const body = bytes.subarray(TAG_BYTES);
  // Comparing the text too: base64url ignores what it does not know, so many texts would be one cursor.
  const sound = bytes.length > TAG_BYTES && bytes.toString('base64url') === cursor;
  if (!sound || !timingSafeEqual(bytes.subarray(0, TAG_BYTES), seal(secret, body))) {
    throw new DomainError('bad_cursor', 400, 'Invalid cursor: use a `nextCursor` from this service', {
      pointer: '/cursor',
    });
  }
  return JSON.parse(body.toString());
}

function seal(secret: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(body).digest().subarray(0, TAG_BYTES);
}
