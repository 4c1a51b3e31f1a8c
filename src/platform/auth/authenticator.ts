import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../errors.js';
import { hashKey, KEY_PREFIX, keyIdOf } from './key-format.js';
import { RequestLimits } from './request-limits.js';
import { type CallerIdentity, isScope } from './scopes.js';

/** Row id of the key from BOOTSTRAP_API_KEY, which contains no id. */
export const BOOTSTRAP_KEY_ID = 'bootstrap';

/** Below one second, so that a revoked key stops working everywhere in time. */
const CACHE_MS = 800;
const CACHE_ENTRIES = 10_000;
/** Compared when the key does not exist, so that timing reveals nothing. */
const NO_HASH = Buffer.alloc(32);

interface KeyRow {
  id: string;
  name: string;
  scopes: string[];
  secret_hash: Buffer;
  state: 'working' | 'expired' | 'revoked';
}

interface CachedKey {
  readonly readAt: number;
  readonly row: Promise<KeyRow | null>;
  /** The cached key; kept while it is reloaded. */
  hash: Buffer | undefined;
}

@Injectable()
export class Authenticator {
  private readonly cache = new Map<string, CachedKey>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: RequestLimits,
  ) {}

  /**
   * `key` is null if none was sent. Too many failures from one address are answered with 429; a key in use is still accepted.
   */
  async authenticate(key: string | null, address: string): Promise<CallerIdentity> {
    if (key === null) throw refused('key_missing', 'Send the API key as `Authorization: Bearer <key>`');
    const ownForm = key.startsWith(KEY_PREFIX);
    const id = ownForm ? keyIdOf(key) : BOOTSTRAP_KEY_ID;
    const fail = (code: string, detail: string): Error =>
      this.limits.countFailure(address, refused(code, detail));
    if (id === null) throw fail('key_malformed', 'The API key is mistyped or cut off');

    const hash = hashKey(key);
    if (!this.isInUse(id, hash)) this.limits.expectLookUp(address);
    const row = await this.find(id);
    const matches = timingSafeEqual(row?.secret_hash ?? NO_HASH, hash);
    if (!row || !matches) throw fail('key_unknown', 'The API key is unknown');
    if (row.state !== 'working') throw fail(`key_${row.state}`, `The API key is ${row.state}`);
    this.limits.countRequest(row.id);
    return { kind: 'key', id: row.id, name: row.name, scopes: row.scopes.filter(isScope) };
  }

  /** Changes take effect immediately in this instance, and in the others once their cache expires. */
  forget(id: string): void {
    this.cache.delete(id);
  }

  private isInUse(id: string, hash: Buffer): boolean {
    const known = this.cache.get(id)?.hash;
    return known !== undefined && timingSafeEqual(known, hash);
  }

  /** Unknown ids are not cached, so that guesses cannot evict the keys in use. */
  private async find(id: string): Promise<KeyRow | null> {
    const now = performance.now();
    const known = this.cache.get(id);
    if (known && now - known.readAt < CACHE_MS) return known.row;
    const row = this.read(id);
    const entry: CachedKey = { readAt: now, row, hash: known?.hash };
    this.cache.set(id, entry);
    try {
      const found = await row;
      entry.hash = found?.secret_hash;
      if (!found) this.drop(id, entry);
      else if (this.cache.size > CACHE_ENTRIES) this.cache.clear();
      return found;
    } catch (error) {
      this.drop(id, entry);
      throw error;
    }
  }

  private drop(id: string, entry: CachedKey): void {
    if (this.cache.get(id) === entry) this.cache.delete(id);
  }

  private async read(id: string): Promise<KeyRow | null> {
    const rows = await this.dataSource.query<KeyRow[]>(
      `select id, name, scopes, secret_hash,
              case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'working' end as state
         from api_key where id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }
}

/** Accepts `Bearer <key>` and, for Segment clients, `Basic` with the key as user name and any password. */
export function keyFromHeader(header: string): string | null {
  const [, scheme, value] = /^(bearer|basic) +(\S+) *$/i.exec(header) ?? [];
  if (!scheme || !value) return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  return Buffer.from(value, 'base64').toString().split(':', 1)[0] || null;
}

function refused(code: string, detail: string): DomainError {
  return new DomainError(code, 401, detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="steward", Basic realm="steward", charset="UTF-8"' },
  });
}
