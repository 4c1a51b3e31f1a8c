import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../errors.js';
import { hashKey, KEY_PREFIX, keyIdOf } from './key-format.js';
import { type CallerIdentity, isScope } from './scopes.js';

/** The row of the key that the operator chose himself (BOOTSTRAP_API_KEY): it carries no id. */
export const BOOTSTRAP_KEY_ID = 'bootstrap';

/** Below the promised second, so that a revoked key is dead everywhere in time. */
const CACHE_MS = 800;
const CACHE_ENTRIES = 10_000;

interface KeyRow {
  id: string;
  name: string;
  scopes: string[];
  secret_hash: Buffer;
  state: 'working' | 'expired' | 'revoked';
}

@Injectable()
export class Authenticator {
  private readonly cache = new Map<string, { readAt: number; row: Promise<KeyRow | null> }>();

  constructor(private readonly dataSource: DataSource) {}

  /** Takes `Bearer <key>` and, as Segment's clients send it, `Basic` with the key as user name and any password. */
  async authenticate(header: string | undefined): Promise<CallerIdentity> {
    const key = keyFromHeader(header);
    if (key === null) throw refused('key_missing', 'Send the API key as `Authorization: Bearer <key>`');
    const ownForm = key.startsWith(KEY_PREFIX);
    const id = ownForm ? keyIdOf(key) : BOOTSTRAP_KEY_ID;
    if (id === null) throw refused('key_malformed', 'The API key is mistyped or cut off');

    const row = await this.find(id);
    if (!row || !timingSafeEqual(row.secret_hash, hashKey(key)))
      throw refused('key_unknown', 'The API key is unknown');
    if (row.state !== 'working') throw refused(`key_${row.state}`, `The API key is ${row.state}`);
    return { kind: 'key', id: row.id, name: row.name, scopes: row.scopes.filter(isScope) };
  }

  /** In this instance a change counts at once, in the others when their cache has run out. */
  forget(id: string): void {
    this.cache.delete(id);
  }

  private find(id: string): Promise<KeyRow | null> {
    const now = performance.now();
    const known = this.cache.get(id);
    if (known && now - known.readAt < CACHE_MS) return known.row;
    if (this.cache.size >= CACHE_ENTRIES) this.cache.clear();
    const row = this.read(id);
    this.cache.set(id, { readAt: now, row });
    row.catch(() => this.cache.delete(id));
    return row;
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

function keyFromHeader(header: string | undefined): string | null {
  const [, scheme, value] = /^(bearer|basic) +(\S+) *$/i.exec(header ?? '') ?? [];
  if (!scheme || !value) return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  return Buffer.from(value, 'base64').toString().split(':', 1)[0] || null;
}

function refused(code: string, detail: string): DomainError {
  return new DomainError(code, 401, detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="steward", Basic realm="steward", charset="UTF-8"' },
  });
}
