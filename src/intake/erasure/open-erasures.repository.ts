import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Person } from './persons.repository.js';

export interface OpenErasure {
  readonly erasureId: string;
  readonly person: Person;
}

/** People whose events are not erased yet, with the names to look for. A row lasts until that is done. */
@Injectable()
export class OpenErasuresRepository {
  async open(manager: EntityManager, person: Person): Promise<void> {
    await manager.query('INSERT INTO erasure (person) VALUES ($1)', [JSON.stringify(person)]);
  }

  /** Open erasures of the person with this id, including interrupted ones. */
  async of(manager: EntityManager, id: string): Promise<OpenErasure[]> {
    return manager.query(
      `SELECT erasure_id AS "erasureId", person FROM erasure WHERE person -> 'ids' @> to_jsonb($1::text) ORDER BY erasure_id`,
      [id],
    );
  }

  async close(manager: EntityManager, { erasureId }: OpenErasure): Promise<void> {
    await manager.query('DELETE FROM erasure WHERE erasure_id = $1', [erasureId]);
  }
}
