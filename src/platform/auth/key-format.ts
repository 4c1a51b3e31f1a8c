import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
/** 62^32 > 2^190. */
const SECRET_LENGTH = 32;
/** 62^6 > 2^32. */
const CHECKSUM_LENGTH = 6;

export const KEY_PREFIX = 'stw_';
export const KEY_PATTERN = /^stw_([0-9A-Za-z]{12})_[0-9A-Za-z]{38}$/;

export interface NewKey {
  id: string;
  /** `stw_<id>_<secret><checksum>`; shown once. */
  key: string;
}

export function makeKey(): NewKey {
  const id = randomText(ID_LENGTH);
  const body = `${KEY_PREFIX}${id}_${randomText(SECRET_LENGTH)}`;
  return { id, key: body + checksum(body) };
}

/** Null if mistyped or truncated, which the checksum shows without a query. */
export function keyIdOf(key: string): string | null {
  const id = KEY_PATTERN.exec(key)?.[1];
  const sound = id !== undefined && key.slice(-CHECKSUM_LENGTH) === checksum(key.slice(0, -CHECKSUM_LENGTH));
  return sound ? id : null;
}

/** A plain hash is enough because keys are random. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
