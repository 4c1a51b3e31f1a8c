import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from './errors.js';

const TAG_BYTES = 16;

/** Encodes where the next page of a list starts, with an authentication tag. `value` is any JSON; the result is opaque to the client. */
export function encodeCursor(secret: Buffer, value: unknown): string {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([seal(secret, body), body]).toString('base64url');
}

/** Throws 400 `bad_cursor` if the cursor was altered or comes from another installation. Whether the value fits the list is up to the caller. */
export function decodeCursor(secret: Buffer, cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  const body = bytes.subarray(TAG_BYTES);
  // Compare the text too: base64url decoding ignores unknown characters, so several texts would give the same cursor.
  const isAuthentic = bytes.length > TAG_BYTES && bytes.toString('base64url') === cursor;
  if (!isAuthentic || !timingSafeEqual(bytes.subarray(0, TAG_BYTES), seal(secret, body))) {
    throw new DomainError('bad_cursor', 400, 'Invalid cursor: use a `nextCursor` from this service', {
      pointer: '/cursor',
    });
  }
  return JSON.parse(body.toString());
}

function seal(secret: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(body).digest().subarray(0, TAG_BYTES);
}
