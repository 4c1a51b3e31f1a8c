import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CsmDto, CsmPutDto } from './csm.dto.js';

export interface StoredCsm extends CsmDto {
  readonly version: number;
}

const COLUMNS = 'csm, name, email, time_zone AS "timeZone", digest, updated_at AS "updatedAt", version';

@Injectable()
export class CsmsRepository {
  /** Other changes of the same CSM wait until the transaction ends. */
  async lock(manager: EntityManager, csm: string): Promise<StoredCsm | null> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('csm ' || $1, 0))`, [csm]);
    return this.find(manager, csm);
  }

  async find(manager: EntityManager, csm: string): Promise<StoredCsm | null> {
    const [row] = await manager.query<StoredCsm[]>(`SELECT ${COLUMNS} FROM csm WHERE csm = $1`, [csm]);
    return row ?? null;
  }

  async list(manager: EntityManager, after: string | null, limit: number): Promise<StoredCsm[]> {
    return manager.query<StoredCsm[]>(
      `SELECT ${COLUMNS} FROM csm WHERE $1::text IS NULL OR csm > $1 ORDER BY csm LIMIT $2`,
      [after, limit],
    );
  }

  async put(
    manager: EntityManager,
    csm: string,
    { name = null, email = null, timeZone = null, digest }: CsmPutDto,
  ): Promise<StoredCsm> {
    const [row] = await manager.query<StoredCsm[]>(
      `INSERT INTO csm (csm, name, email, time_zone, digest) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (csm) DO UPDATE SET name = excluded.name, email = excluded.email, time_zone = excluded.time_zone,
         digest = excluded.digest, version = excluded.version, updated_at = excluded.updated_at
       RETURNING ${COLUMNS}`,
      [csm, name, email, timeZone, digest ?? false],
    );
    if (!row) throw new Error('the CSM was not stored');
    return row;
  }

  async delete(manager: EntityManager, csm: string): Promise<void> {
    await manager.query('DELETE FROM csm WHERE csm = $1', [csm]);
  }
}
