import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Installation } from '../../platform/installation.js';
import type { EventInput } from '../events/event-input.js';

/** Addresses are the same in any case; other ids are not. */
export const comparable = (name: string): string => (name.includes('@') ? name.toLowerCase() : name);

/** Who was erased, kept only as keyed hashes: enough to refuse a later fact, too little to name the person. */
@Injectable()
export class ErasedPersons {
  private readonly key: Buffer;

  constructor(installation: Installation) {
    this.key = installation.keyFor('erased-person');
  }

  private hash(name: string): Buffer {
    return createHash('sha256').update(this.key).update(comparable(name)).digest();
  }

  /** A name for the audit log that can be compared, but not read. */
  pseudonym(name: string): string {
    return this.hash(name).toString('hex').slice(0, 16);
  }

  /** In place of an erased user's id where only the account has to be found by it. */
  standIn(userId: string): string {
    return `erased:${this.pseudonym(userId)}`;
  }

  /** The id, or what stands in for it when it is among those that are gone. */
  kept(gone: ReadonlySet<string>, userId: string): string {
    return gone.has(userId) ? this.standIn(userId) : userId;
  }

  /** An erased person's events are counted without the person: nobody's active day, nothing of what was sent beside. */
  async withoutErased(manager: EntityManager, inputs: readonly EventInput[]): Promise<readonly EventInput[]> {
    const names = inputs.flatMap(({ userId, anonymousId }) => [userId, anonymousId]);
    const gone = await this.among(
      manager,
      names.filter((name) => name !== undefined),
    );
    return gone.size === 0 ? inputs : inputs.map((input) => this.anonymous(input, gone));
  }

  anonymous(input: EventInput, gone: ReadonlySet<string>): EventInput {
    const { userId, anonymousId } = input;
    const person = userId ?? anonymousId;
    if (person !== undefined && gone.has(person)) {
      return { ...input, userId: undefined, anonymousId: this.standIn(person), properties: undefined };
    }
    return anonymousId !== undefined && gone.has(anonymousId) ? { ...input, anonymousId: undefined } : input;
  }

  /** Those of the given ids and addresses that belong to erased persons. */
  async among(manager: EntityManager, names: readonly string[]): Promise<Set<string>> {
    if (names.length === 0) return new Set();
    const [any]: { any: boolean }[] = await manager.query('SELECT EXISTS (SELECT FROM erased_person) AS any');
    if (!any?.any) return new Set();
    const hashes = new Map(names.map((name) => [name, this.hash(name).toString('hex')]));
    const rows: { hash: string }[] = await manager.query(
      `SELECT encode(hash, 'hex') AS hash FROM erased_person
       WHERE hash IN (SELECT decode(h, 'hex') FROM unnest($1::text[]) AS h)`,
      [[...new Set(hashes.values())]],
    );
    const erased = new Set(rows.map((row) => row.hash));
    return new Set([...hashes].flatMap(([name, hash]) => (erased.has(hash) ? [name] : [])));
  }

  async add(manager: EntityManager, names: readonly string[]): Promise<void> {
    await manager.query(
      `INSERT INTO erased_person (hash) SELECT decode(h, 'hex') FROM unnest($1::text[]) AS h ON CONFLICT DO NOTHING`,
      [names.map((name) => this.hash(name).toString('hex'))],
    );
  }
}
