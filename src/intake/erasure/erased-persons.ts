import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Installation } from '../../platform/installation.js';

/** Who was erased, kept only as keyed hashes: enough to refuse a later fact, too little to name the person. */
@Injectable()
export class ErasedPersons {
  readonly key: Buffer;

  constructor(installation: Installation) {
    this.key = installation.keyFor('erased-person');
  }

  /** The same value as `sha256(key || name)` in SQL, which the path of events uses. */
  private hash(name: string): Buffer {
    return createHash('sha256').update(this.key).update(name).digest();
  }

  /** A name for the audit log that can be compared, but not read. */
  pseudonym(name: string): string {
    return this.hash(name).toString('hex').slice(0, 16);
  }

  /** Those of the given ids and addresses that belong to erased persons. */
  async among(manager: EntityManager, names: readonly string[]): Promise<Set<string>> {
    if (names.length === 0) return new Set();
    const [any]: { any: boolean }[] = await manager.query('SELECT EXISTS (SELECT FROM erased_person) AS any');
    if (!any?.any) return new Set();
    const byHash = new Map(names.map((name) => [this.hash(name).toString('hex'), name]));
    const rows: { hash: string }[] = await manager.query(
      `SELECT encode(hash, 'hex') AS hash FROM erased_person
       WHERE hash IN (SELECT decode(h, 'hex') FROM unnest($1::text[]) AS h)`,
      [[...byHash.keys()]],
    );
    return new Set(rows.map((row) => byHash.get(row.hash) ?? ''));
  }

  async add(manager: EntityManager, names: readonly string[]): Promise<void> {
    await manager.query(
      `INSERT INTO erased_person (hash) SELECT decode(h, 'hex') FROM unnest($1::text[]) AS h ON CONFLICT DO NOTHING`,
      [names.map((name) => this.hash(name).toString('hex'))],
    );
  }
}
