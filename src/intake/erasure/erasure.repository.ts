import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { recordKinds } from '../kinds/kinds.js';

export interface Person {
  /** Contact id, user ids and addresses, past ones too: what is kept of them is a keyed hash. */
  readonly names: string[];
  readonly contactId: string;
  readonly userIds: string[];
  readonly accountIds: number[];
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Kinds whose records may name a contact. */
const NAMING = recordKinds().filter((kind) => ['tickets', 'surveys', 'activities'].includes(kind.name));

/** Takes a person out of everything stored. Counts stay: events keep their place, active users keep their days. */
@Injectable()
export class ErasureRepository {
  /** The contact with this id, or a user of the product known by it. */
  async person(manager: EntityManager, id: string): Promise<Person | undefined> {
    const rows: { account_id: number; user_ids: string[] | null; email: string | null }[] =
      await manager.query(
        `SELECT c.account_id, c.user_ids, c.email FROM record_ref r
       JOIN contact c ON c.account_id = r.account_id AND c.id = r.id WHERE r.kind = 'contacts' AND r.id = $1`,
        [id],
      );
    const patches: { user_ids: unknown; email: unknown }[] = await manager.query(
      `SELECT patch -> 'userIds' AS user_ids, patch -> 'email' AS email FROM statement
       WHERE kind = 'contacts' AND record_id = $1 AND account_id IN (SELECT account_id FROM record_ref WHERE kind = 'contacts' AND id = $1)`,
      [id],
    );
    const stated = [...rows, ...patches];
    const userIds = [...new Set([id, ...stated.flatMap((row) => row.user_ids ?? [])])].filter(
      (name) => typeof name === 'string',
    );
    const emails = stated.map((row) => row.email).filter((email) => typeof email === 'string');
    const used: { account_id: number }[] = await manager.query(
      'SELECT DISTINCT account_id FROM user_month WHERE user_id = ANY($1) UNION SELECT account_id FROM user_account WHERE user_id = ANY($1)',
      [userIds],
    );
    const accountIds = [...new Set([...rows, ...used].map((row) => row.account_id))];
    if (accountIds.length === 0) return undefined;
    return { contactId: id, userIds, names: [...new Set([id, ...userIds, ...emails])], accountIds };
  }

  async erase(manager: EntityManager, { contactId, userIds, names, accountIds }: Person): Promise<void> {
    await manager.query(
      `DELETE FROM statement WHERE account_id = ANY($1) AND kind = 'contacts' AND record_id = $2`,
      [accountIds, contactId],
    );
    await manager.query('DELETE FROM contact WHERE account_id = ANY($1) AND id = $2', [
      accountIds,
      contactId,
    ]);
    await manager.query(`DELETE FROM record_ref WHERE kind = 'contacts' AND id = $1`, [contactId]);
    await manager.query(
      'UPDATE event SET user_id = NULL, properties = NULL WHERE account_id = ANY($1) AND user_id = ANY($2)',
      [accountIds, userIds],
    );
    await manager.query(
      `UPDATE user_month SET user_id = 'erased:' || gen_random_uuid() WHERE account_id = ANY($1) AND user_id = ANY($2)`,
      [accountIds, userIds],
    );
    await manager.query('DELETE FROM user_account WHERE user_id = ANY($1)', [userIds]);
    await manager.query('DELETE FROM user_alias WHERE alias = ANY($1) OR user_id = ANY($1)', [userIds]);
    for (const kind of NAMING) {
      const cleared = ['contactId', ...kind.freeText];
      await manager.query(
        `UPDATE statement SET patch = patch - $3::text[] WHERE account_id = ANY($1) AND kind = $4 AND record_id IN (
           SELECT id FROM ${kind.table} WHERE account_id = ANY($1) AND contact_id = $2)`,
        [accountIds, contactId, cleared, kind.name],
      );
      await manager.query(
        `UPDATE ${kind.table} SET ${cleared.map((field) => `${snakeCase(field)} = NULL`).join(', ')}
         WHERE account_id = ANY($1) AND contact_id = $2`,
        [accountIds, contactId],
      );
    }
    await this.eraseHeld(manager, names);
    await manager.query(
      `DELETE FROM import_error e USING import i WHERE i.import_id = e.import_id AND i.kind = 'contacts' AND e.id = ANY($1)`,
      [names],
    );
  }

  /** What waits for an account and names the person. Events wait on as anonymous ones. */
  private async eraseHeld(manager: EntityManager, names: string[]): Promise<void> {
    await manager.query(
      `DELETE FROM quarantine WHERE kind = 'contacts' AND (id = ANY($1) OR ref = ANY($1) AND waits_for = 'user')`,
      [names],
    );
    await manager.query(
      `UPDATE quarantine SET payload = payload - '{userId,properties}'::text[]
       WHERE kind = 'events' AND waits_for = 'account' AND payload ->> 'userId' = ANY($1)`,
      [names],
    );
    await manager.query(
      `DELETE FROM quarantine WHERE kind = 'events' AND waits_for = 'user' AND ref = ANY($1)`,
      [names],
    );
    await manager.query(
      `UPDATE quarantine SET payload = jsonb_set(payload, '{fields}', (payload -> 'fields') - '{contactId,comment,note}'::text[])
       WHERE kind IN ('tickets', 'surveys', 'activities') AND payload #>> '{fields,contactId}' = ANY($1)`,
      [names],
    );
  }
}
