import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Person } from './persons.repository.js';
import { searchTexts, Traces } from './traces.js';

const CHUNK = 1_000;

interface Suspect {
  /** Text, because a Date would lose the microseconds. */
  readonly at: string;
  readonly message_hash: string;
  readonly properties: unknown;
}

/**
 * Removes a person from stored events. Their counts stay. Needs no lock and can be repeated, provided that new events of the person
 * are anonymized on arrival.
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

  /** Mentions of the person in other users' events. */
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

  /** An account may have been merged since the erasure began. */
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
