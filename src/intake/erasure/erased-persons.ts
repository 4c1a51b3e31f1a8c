import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Installation } from '../../platform/installation.js';
import type { EventInput } from '../events/event-input.js';

/** Addresses are case-insensitive, other ids are not. */
export const comparable = (name: string): string => (name.includes('@') ? name.toLowerCase() : name);

/** Remembers erased people as keyed hashes: enough to reject later facts, too little to identify anyone. */
@Injectable()
export class ErasedPersons {
  private readonly key: Buffer;

  constructor(installation: Installation) {
    this.key = installation.keyFor('erased-person');
  }

  private hash(name: string): Buffer {
    return createHash('sha256').update(this.key).update(comparable(name)).digest();
  }

  /** A pseudonym for the audit log: it can be compared but not read. */
  pseudonym(name: string): string {
    return this.hash(name).toString('hex').slice(0, 16);
  }

  /** Replaces an erased user's id where it is needed only to find the account. */
  standIn(userId: string): string {
    return `erased:${this.pseudonym(userId)}`;
  }

  /** The id, or its stand-in if the user is erased. */
  kept(gone: ReadonlySet<string>, userId: string): string {
    return gone.has(userId) ? this.standIn(userId) : userId;
  }

  /** Events of erased people are counted without the person: no active user, no properties. */
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

  /** The ids and addresses among these that belong to erased people. */
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
