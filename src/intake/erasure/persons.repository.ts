import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
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

/** Gathers under which names a person is known, now or earlier, also in what waits for an account. */
@Injectable()
export class PersonsRepository {
  /** The contact with this id, or a user of the product known by it. Contacts with the same address or user are the same person. */
  async find(manager: EntityManager, id: string): Promise<Person | undefined> {
    const said = await this.said(manager, [id]);
    const emails = texts(said.map((row) => row.email));
    const userIds = await this.withAliases(manager, texts([id, ...said.map((row) => row.user_ids)]));
    const contacts: { accountId: number; id: string }[] = await manager.query(
      `SELECT account_id AS "accountId", id FROM record_ref WHERE kind = 'contacts' AND id = $1
       UNION SELECT account_id, id FROM contact WHERE user_ids && $2 OR lower(email) = ANY($3)`,
      [id, userIds, emails.map((email) => email.toLowerCase())],
    );
    const used: { account_id: number }[] = await manager.query(
      'SELECT account_id FROM user_month WHERE user_id = ANY($1) UNION SELECT account_id FROM user_account WHERE user_id = ANY($1)',
      [userIds],
    );
    const [held]: unknown[] = await manager.query(
      `SELECT FROM quarantine WHERE (kind = 'contacts' AND id = $1) OR ref = $1 AND waits_for = 'user'
       UNION ALL SELECT FROM user_alias WHERE alias = $1 OR user_id = $1 LIMIT 1`,
      [id],
    );
    if (contacts.length + used.length === 0 && held === undefined) return undefined;
    const all = await this.said(manager, [id, ...contacts.map((contact) => contact.id)]);
    return {
      contacts,
      userIds,
      ids: texts([id, userIds, contacts.map((contact) => contact.id), all.map((row) => row.email)]),
      called: texts(all.map((row) => row.name)),
      accountIds: await this.accounts(manager, contacts, used),
    };
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

  private async withAliases(manager: EntityManager, userIds: string[]): Promise<string[]> {
    const rows: { alias: string; user_id: string }[] = await manager.query(
      'SELECT alias, user_id FROM user_alias WHERE alias = ANY($1) OR user_id = ANY($1)',
      [userIds],
    );
    return texts([userIds, rows.flatMap((row) => [row.alias, row.user_id])]);
  }

  /** Also those whose records name a contact of another account. */
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
