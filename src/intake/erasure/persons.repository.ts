import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AliasesRepository } from '../users/aliases.repository.js';
import type { Names } from './traces.js';

export interface Person extends Names {
  readonly contacts: readonly { accountId: number; id: string }[];
  readonly userIds: readonly string[];
  readonly accountIds: readonly number[];
}

interface Said {
  user_ids: unknown;
  email: unknown;
  name: unknown;
}

const texts = (values: readonly unknown[]): string[] => [
  ...new Set(values.flat().filter((value) => typeof value === 'string')),
];

/** Collects the names a person is or was known by, including those in quarantine. */
@Injectable()
export class PersonsRepository {
  constructor(private readonly aliases: AliasesRepository) {}

  /**
   * The person with this contact or user id. Contacts that share an address or a user id are the same person, in every account, and
   * so are all aliases of their user ids.
   */
  async find(manager: EntityManager, id: string): Promise<Person | undefined> {
    const known = await this.follow(manager, id);
    const used: { account_id: number }[] = await manager.query(
      'SELECT account_id FROM user_month WHERE user_id = ANY($1) UNION SELECT account_id FROM user_account WHERE user_id = ANY($1)',
      [known.userIds],
    );
    const [held]: unknown[] = await manager.query(
      `SELECT FROM quarantine WHERE (kind = 'contacts' AND id = $1) OR ref = $1 AND waits_for = 'user'
       UNION ALL SELECT FROM user_alias WHERE alias = $1 OR user_id = $1 LIMIT 1`,
      [id],
    );
    if (known.contacts.length + used.length === 0 && held === undefined) return undefined;
    return { ...known, accountIds: await this.accounts(manager, known.contacts, used) };
  }

  /** Follows ids to contacts, contacts to user ids and addresses, and those to more contacts, until nothing new turns up. */
  private async follow(manager: EntityManager, id: string): Promise<Omit<Person, 'accountIds'>> {
    let contacts: readonly { accountId: number; id: string }[] = [];
    let userIds: readonly string[] = [];
    for (;;) {
      const said = await this.said(manager, [id, ...contacts.map((contact) => contact.id)]);
      const emails = texts(said.map((row) => row.email));
      const users = await this.aliases.allIds(manager, texts([id, ...said.map((row) => row.user_ids)]));
      const found: { accountId: number; id: string }[] = await manager.query(
        `SELECT account_id AS "accountId", id FROM record_ref WHERE kind = 'contacts' AND id = $1
         UNION SELECT account_id, id FROM contact WHERE user_ids && $2 OR lower(email) = ANY($3)`,
        [id, users, emails.map((email) => email.toLowerCase())],
      );
      if (found.length === contacts.length && users.length === userIds.length) {
        return {
          contacts,
          userIds,
          ids: texts([id, userIds, contacts.map((contact) => contact.id), emails]),
          called: texts(said.map((row) => row.name)),
        };
      }
      contacts = found;
      userIds = users;
    }
  }

  private async said(manager: EntityManager, contactIds: readonly string[]): Promise<Said[]> {
    return manager.query(
      `SELECT patch -> 'userIds' AS user_ids, patch -> 'email' AS email, patch -> 'name' AS name
       FROM record_ref r JOIN statement s USING (account_id, kind) WHERE kind = 'contacts' AND r.id = ANY($1) AND record_id = r.id
       UNION ALL SELECT payload #> '{fields,userIds}', payload #> '{fields,email}', payload #> '{fields,name}'
       FROM quarantine WHERE kind = 'contacts' AND id = ANY($1)`,
      [contactIds],
    );
  }

  /** Includes accounts whose records name a contact of another account. */
  private async accounts(
    manager: EntityManager,
    contacts: readonly { accountId: number; id: string }[],
    used: readonly { account_id: number }[],
  ): Promise<number[]> {
    const ids = contacts.map((contact) => contact.id);
    const naming: { account_id: number }[] = await manager.query(
      `SELECT account_id FROM ticket WHERE contact_id = ANY($1) UNION SELECT account_id FROM survey WHERE contact_id = ANY($1)
       UNION SELECT account_id FROM activity WHERE contact_id = ANY($1)`,
      [ids],
    );
    const rows = [...used, ...naming].map((row) => row.account_id);
    return [...new Set([...contacts.map((contact) => contact.accountId), ...rows])].sort((a, b) => a - b);
  }
}
