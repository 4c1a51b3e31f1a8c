import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { Clock } from '../clock.js';
import { DomainError } from '../errors.js';
import type { ApiKeyDto, CreatedApiKeyDto, NewApiKeyDto } from './api-keys.dto.js';
import { parseInstant } from '../validation/instant.js';
import { Authenticator } from './authenticator.js';
import { hashKey, makeKey } from './key-format.js';
import { actorOf, type CallerIdentity } from './scopes.js';

const COLUMNS = `id, name, scopes, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"`;

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly authenticator: Authenticator,
    private readonly clock: Clock,
  ) {}

  async create(caller: CallerIdentity, dto: NewApiKeyDto): Promise<CreatedApiKeyDto> {
    const expiresAt = dto.expiresAt ? new Date(parseInstant(dto.expiresAt) ?? NaN) : null;
    if (expiresAt && expiresAt <= this.clock.now()) {
      throw new DomainError('expiry_in_the_past', 400, '`expiresAt` must be in the future', {
        pointer: '/expiresAt',
      });
    }
    const { id, key } = makeKey();
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<ApiKeyDto[]>(
        `insert into api_key (id, name, scopes, secret_hash, expires_at) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
        [id, dto.name, dto.scopes, hashKey(key), expiresAt],
      );
      if (!row) throw new Error('insert returned no row');
      await this.audit.record(manager, {
        actor: actorOf(caller),
        action: 'api_key.created',
        target: `api-keys/${id}`,
        detail: { scopes: dto.scopes, expiresAt },
      });
      return { ...row, key };
    });
  }

  /** Ordered by id, starting after `after`. */
  list(after: string | null, limit: number): Promise<ApiKeyDto[]> {
    return this.dataSource.query<ApiKeyDto[]>(
      `select ${COLUMNS} from api_key where $1::text is null or id > $1 order by id limit $2`,
      [after, limit],
    );
  }

  /** Revoking twice is not an error. The last admin key cannot be revoked, or nobody could create keys any more. */
  async revoke(caller: CallerIdentity, id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // Otherwise two concurrent revocations would each count the other's key as remaining.
      await manager.query('lock table api_key in share row exclusive mode');
      const [row] = await manager.query<ApiKeyDto[]>(`select ${COLUMNS} from api_key where id = $1`, [id]);
      if (!row) throw new DomainError('api_key_not_found', 404, 'No API key has this id');
      if (row.revokedAt) return;
      if (row.scopes.includes('admin') && !(await hasOtherAdminKey(manager, id))) {
        throw new DomainError('last_admin_key', 409, 'This is the last active key with the `admin` scope');
      }
      await manager.query('update api_key set revoked_at = now() where id = $1', [id]);
      await this.audit.record(manager, {
        actor: actorOf(caller),
        action: 'api_key.revoked',
        target: `api-keys/${id}`,
      });
    });
    this.authenticator.forget(id);
  }
}

async function hasOtherAdminKey(manager: EntityManager, id: string): Promise<boolean> {
  const others = await manager.query<unknown[]>(
    `select 1 from api_key
      where id <> $1 and 'admin' = any (scopes) and revoked_at is null and (expires_at is null or expires_at > now()) limit 1`,
    [id],
  );
  return others.length > 0;
}
