import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ErasedPersons } from '../erasure/erased-persons.js';
import type { BrokeOff, ImportDto, ImportError } from './import.dto.js';

export interface Counts {
  received: number;
  created: number;
  updated: number;
  unchanged: number;
  quarantined: number;
  rejected: number;
}

export const NO_COUNTS: Counts = {
  received: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  quarantined: 0,
  rejected: 0,
};

/** Must be in the service's own format; anything else cannot be an import's id and may not be a bigint. */
const IMPORT_ID = /^[1-9]\d{0,17}$/;

const COLUMNS = `import_id::text AS id, kind, started_at AS "startedAt", finished_at AS "finishedAt", received, created, updated,
  unchanged, quarantined, rejected, complete, last_line AS "lastLine", broke_off AS "brokeOff"`;

@Injectable()
export class ImportsRepository {
  constructor(private readonly erased: ErasedPersons) {}

  async start(manager: EntityManager, kind: string, format: string): Promise<string> {
    const [row]: { id: string }[] = await manager.query(
      'INSERT INTO import (kind, format, started_at) VALUES ($1, $2, now()) RETURNING import_id::text AS id',
      [kind, format],
    );
    if (!row) throw new Error('no import was made');
    return row.id;
  }

  /** Runs in the transaction that stores a chunk, so that the import's counts are always correct. */
  async progress(
    manager: EntityManager,
    id: string,
    counts: Counts,
    lastLine: number,
    errors: readonly { seq: number; error: ImportError }[],
  ): Promise<void> {
    await manager.query(
      `UPDATE import SET received = received + $2, created = created + $3, updated = updated + $4, unchanged = unchanged + $5,
         quarantined = quarantined + $6, rejected = rejected + $7, last_line = $8 WHERE import_id = $1`,
      [
        id,
        counts.received,
        counts.created,
        counts.updated,
        counts.unchanged,
        counts.quarantined,
        counts.rejected,
        lastLine,
      ],
    );
    if (errors.length === 0) return;
    const ids = errors.flatMap(({ error }) => error.id ?? []);
    const gone = await this.erased.among(manager, ids);
    await manager.query(
      `INSERT INTO import_error (import_id, seq, line, id, code, detail, pointer)
       SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])`,
      [
        id,
        errors.map(({ seq }) => seq),
        errors.map(({ error }) => error.line),
        errors.map(({ error }) => (gone.has(error.id ?? '') ? null : error.id)),
        errors.map(({ error }) => error.code),
        errors.map(({ error }) => error.detail),
        errors.map(({ error }) => error.pointer),
      ],
    );
  }

  async finish(manager: EntityManager, id: string, brokeOff: BrokeOff | null): Promise<ImportDto> {
    await manager.query(
      'UPDATE import SET finished_at = now(), complete = $2, broke_off = $3 WHERE import_id = $1',
      [id, brokeOff === null, brokeOff === null ? null : JSON.stringify(brokeOff)],
    );
    const found = await this.find(manager, id);
    if (!found) throw new Error('the import is gone');
    return found;
  }

  async find(manager: EntityManager, id: string): Promise<ImportDto | undefined> {
    if (!IMPORT_ID.test(id)) return undefined;
    const [row]: ImportDto[] = await manager.query(`SELECT ${COLUMNS} FROM import WHERE import_id = $1`, [
      id,
    ]);
    return row;
  }

  async list(manager: EntityManager, before: string | null, limit: number): Promise<ImportDto[]> {
    return manager.query(
      `SELECT ${COLUMNS} FROM import WHERE $1::bigint IS NULL OR import_id < $1 ORDER BY import_id DESC LIMIT $2`,
      [before, limit],
    );
  }

  async errors(
    manager: EntityManager,
    id: string,
    after: number,
    limit: number,
  ): Promise<(ImportError & { seq: number })[]> {
    return manager.query(
      'SELECT seq, line, id, code, detail, pointer FROM import_error WHERE import_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
      [id, after, limit],
    );
  }
}
