import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Settings } from '../../platform/settings.js';
import { internalUsers } from '../users/internal-users.js';
import { ErasedPersons } from './erased-persons.js';
import type { Person } from './persons.repository.js';

/** Removes a person from contacts and users. Counts stay: active users keep their days. */
@Injectable()
export class ErasureRepository {
  constructor(
    private readonly erased: ErasedPersons,
    private readonly settings: Settings,
  ) {}

  async erase(manager: EntityManager, person: Person): Promise<void> {
    await this.eraseActiveDays(manager, person);
    await this.eraseMemberships(manager, person.userIds);
    await this.eraseContacts(manager, person);
    await manager.query('UPDATE import_error SET id = NULL WHERE lower(id) = ANY($1)', [
      person.ids.map((id) => id.toLowerCase()),
    ]);
  }

  private async eraseActiveDays(manager: EntityManager, { accountIds, userIds }: Person): Promise<void> {
    // Without the contact, an internal user would become an active user.
    await manager.query(
      `DELETE FROM user_month WHERE account_id = ANY($1) AND user_id = ANY($2)
         AND EXISTS (SELECT FROM (${internalUsers('$3')}) AS own(person) WHERE own.person = ANY($2)
           UNION ALL SELECT FROM unnest($2::text[]) AS id WHERE split_part(lower(id), '@', 2) = ANY($3))`,
      [accountIds, userIds, this.settings.internalDomains],
    );
    // One id replaces all of the person's ids in all months. Otherwise one active user would become several.
    await manager.query(
      `WITH gone AS (
         DELETE FROM user_month WHERE account_id = ANY($1) AND user_id = ANY($2) RETURNING account_id, month, days
       )
       INSERT INTO user_month (account_id, month, user_id, days)
       SELECT account_id, month, $3, bit_or(days) FROM gone GROUP BY account_id, month`,
      [accountIds, userIds, `erased:${randomUUID()}`],
    );
  }

  /** Keeps a stand-in for each user id, so that later events of the person still find their account. */
  private async eraseMemberships(manager: EntityManager, userIds: readonly string[]): Promise<void> {
    await manager.query(
      `INSERT INTO user_account (user_id, from_at, account_id)
       SELECT DISTINCT ON (stand_in, from_at) stand_in, from_at, account_id
       FROM user_account, unnest($2::text[]) AS stand_in WHERE user_id = ANY($1) ORDER BY stand_in, from_at, user_id`,
      [userIds, userIds.map((userId) => this.erased.standIn(userId))],
    );
    await manager.query('DELETE FROM user_account WHERE user_id = ANY($1)', [userIds]);
    await manager.query('DELETE FROM user_alias WHERE alias = ANY($1) OR user_id = ANY($1)', [userIds]);
  }

  private async eraseContacts(manager: EntityManager, { contacts }: Person): Promise<void> {
    const keys = [contacts.map((contact) => contact.accountId), contacts.map((contact) => contact.id)];
    const from = 'USING unnest($1::int[], $2::text[]) AS c(account_id, id) WHERE t.account_id = c.account_id';
    await manager.query(
      `DELETE FROM statement t ${from} AND t.kind = 'contacts' AND t.record_id = c.id`,
      keys,
    );
    await manager.query(`DELETE FROM contact t ${from} AND t.id = c.id`, keys);
    await manager.query(`DELETE FROM record_ref t ${from} AND t.kind = 'contacts' AND t.id = c.id`, keys);
  }
}
