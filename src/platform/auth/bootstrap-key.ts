import type { EntityManager } from 'typeorm';
import type { AuditLog } from '../audit/audit-log.js';
import { BOOTSTRAP_KEY_ID } from './authenticator.js';
import { hashKey, KEY_PREFIX, keyIdOf, makeKey } from './key-format.js';

/**
 * Makes sure that there is a working admin key. With BOOTSTRAP_API_KEY, it has that value (a new value replaces the
 * previous one; a revoked value stays revoked). Without it, a key is created if no admin key works, and returned to be
 * shown once.
 */
export async function ensureAdminKey(
  manager: EntityManager,
  audit: AuditLog,
  bootstrapApiKey: string | null,
): Promise<string | null> {
  if (bootstrapApiKey !== null) {
    await putBootstrapKey(manager, audit, bootstrapApiKey);
    return null;
  }
  const working = await manager.query<unknown[]>(
    `select 1 from api_key
      where 'admin' = any (scopes) and revoked_at is null and (expires_at is null or expires_at > now()) limit 1`,
  );
  if (working.length > 0) return null;
  const { id, key } = makeKey();
  await manager.query(
    `insert into api_key (id, name, scopes, secret_hash) values ($1, 'first key', '{admin}', $2)`,
    [id, hashKey(key)],
  );
  await audit.record(manager, { actor: 'start', action: 'api_key.created', target: `api-keys/${id}` });
  return key;
}

async function putBootstrapKey(manager: EntityManager, audit: AuditLog, key: string): Promise<void> {
  // A key in Steward's own format is looked up by the id it contains.
  const id = key.startsWith(KEY_PREFIX) ? keyIdOf(key) : BOOTSTRAP_KEY_ID;
  if (id === null) throw new Error('BOOTSTRAP_API_KEY looks like a Steward key but is mistyped or truncated');
  const changed = await manager.query<unknown[]>(
    `insert into api_key (id, name, scopes, secret_hash) values ($1, 'BOOTSTRAP_API_KEY', '{admin}', $2)
     on conflict (id) do update set secret_hash = excluded.secret_hash, revoked_at = null
       where api_key.secret_hash <> excluded.secret_hash
     returning id`,
    [id, hashKey(key)],
  );
  if (changed.length > 0) {
    await audit.record(manager, { actor: 'start', action: 'api_key.created', target: `api-keys/${id}` });
  }
}
