import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Person } from './persons.repository.js';
import { searchTexts, Traces } from './traces.js';

const CHUNK = 1_000;

interface Suspect {
  /** As text: a Date would lose the microseconds. */
  readonly at: string;
  readonly message_hash: string;
  readonly properties: unknown;
}

/**
 * Takes a person out of the stored events, which keep their place and their counts. Needs no lock and may be repeated, as
 * long as later events of the person are anonymous on arrival.
 */
@Injectable()
export class EventErasureRepository {
  async erase(manager: EntityManager, person: Person): Promise<void> {
    for (const accountId of await this.accountsNow(manager, person.accountIds)) {
      await manager.query(
        'UPDATE event SET user_id = NULL, properties = NULL WHERE account_id = $1 AND user_id = ANY($2)',
        [accountId, person.userIds],
      );
      await this.eraseMentions(manager, accountId, person);
    }
  }

  /** What other users' events say of the person. */
  private async eraseMentions(manager: EntityManager, accountId: number, person: Person): Promise<void> {
    const traces = new Traces(person);
    const texts = searchTexts(person);
    for (let last: Suspect | undefined, full = true; full;) {
      const suspects: Suspect[] = await manager.query(
        `SELECT at::text AS at, message_hash, properties FROM event
         WHERE account_id = $1 AND (at, message_hash) > ($2::timestamptz, $3::uuid) AND properties IS NOT NULL
           AND lower(properties::text) LIKE ANY($4)
         ORDER BY event.at, message_hash LIMIT ${CHUNK}`,
        [accountId, last?.at ?? '-infinity', last?.message_hash ?? NO_HASH, texts.map(containing)],
      );
      await this.clear(
        manager,
        accountId,
        suspects.filter((event) => traces.inJson(event.properties)),
      );
      last = suspects.at(-1);
      full = suspects.length === CHUNK;
    }
  }

  private async clear(manager: EntityManager, accountId: number, events: readonly Suspect[]): Promise<void> {
    if (events.length === 0) return;
    await manager.query(
      `UPDATE event e SET properties = NULL FROM unnest($2::timestamptz[], $3::uuid[]) AS t(at, message_hash)
       WHERE e.account_id = $1 AND e.at = t.at AND e.message_hash = t.message_hash`,
      [accountId, events.map((event) => event.at), events.map((event) => event.message_hash)],
    );
  }

  /** An account may have been merged into another since the erasure was begun. */
  private async accountsNow(manager: EntityManager, accountIds: readonly number[]): Promise<number[]> {
    const rows: { id: number }[] = await manager.query(
      'SELECT DISTINCT coalesce(merged_into, account_id) AS id FROM account WHERE account_id = ANY($1) ORDER BY id',
      [accountIds],
    );
    return rows.map((row) => row.id);
  }
}

const NO_HASH = '00000000-0000-0000-0000-000000000000';

function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
