import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sameUser } from './same-user.js';
import { ErasedPersons } from '../erasure/erased-persons.js';
import type { Fields } from '../../accounts/states/fold.js';

interface MembershipRow {
  asked: string;
  account_id: number;
  from_ms: string;
}

/** The accounts a user was in, from the earliest on; the first one reaches back to before it was told. */
export interface Memberships {
  at(userId: string, at: number): number | undefined;
  /** Every account the user was ever in. */
  all(userId: string): number[];
}

/** Which account a user of the product belongs to, for facts that name the user alone. */
const ATTRIBUTION_LOCK = 7005;

@Injectable()
export class UsersRepository {
  constructor(private readonly erased: ErasedPersons) {}

  /**
   * Memberships to store events by that name only a user. All transactions that do so hold a lock from before they read
   * until they end: a shared one; but the exclusive one where a user was in several accounts, so that every earlier
   * attribution can be seen.
   */
  async settledMemberships(manager: EntityManager, userIds: readonly string[]): Promise<Memberships> {
    await manager.query(`SAVEPOINT attribution; SELECT pg_advisory_xact_lock_shared(${ATTRIBUTION_LOCK})`);
    const seen = await this.memberships(manager, userIds);
    if (!userIds.some((userId) => seen.all(userId).length > 1)) return seen;
    // Gives the shared lock back: two that hold it and wait for the exclusive one would wait for ever.
    await manager.query(
      `ROLLBACK TO SAVEPOINT attribution; SELECT pg_advisory_xact_lock(${ATTRIBUTION_LOCK})`,
    );
    return this.memberships(manager, userIds);
  }

  async memberships(manager: EntityManager, userIds: Iterable<string>): Promise<Memberships> {
    const wanted = [...new Set(userIds)];
    const rows: MembershipRow[] =
      wanted.length === 0
        ? []
        : await manager.query(
            `SELECT asked, m.account_id, extract(epoch FROM m.from_at) * 1000 AS from_ms
             FROM unnest($1::text[]) AS asked
             CROSS JOIN LATERAL (${sameUser('asked')}) same JOIN user_account m ON m.user_id = same.id
             ORDER BY asked, m.from_at, m.user_id`,
            [wanted],
          );
    const found = new Map<string, { from: number; accountId: number }[]>();
    for (const row of rows) {
      const list = found.get(row.asked) ?? [];
      list.push({ from: Number(row.from_ms), accountId: row.account_id });
      found.set(row.asked, list);
    }
    return {
      at: (userId, at) => {
        const list = found.get(userId);
        return (list?.findLast((membership) => membership.from <= at) ?? list?.[0])?.accountId;
      },
      all: (userId) => [...new Set(found.get(userId)?.map((membership) => membership.accountId))],
    };
  }

  /** Answers the users for whom this is the first account known. */
  async join(
    manager: EntityManager,
    memberships: readonly { userId: string; from: number; accountId: number }[],
  ): Promise<string[]> {
    if (memberships.length === 0) return [];
    const gone = await this.erased.among(
      manager,
      memberships.map((membership) => membership.userId),
    );
    const sorted = memberships
      .map((membership) => ({ ...membership, userId: this.erased.kept(gone, membership.userId) }))
      .sort((a, b) => (a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : 0));
    const rows: { user_id: string }[] = await manager.query(
      `WITH sent AS (
         SELECT DISTINCT ON (user_id, from_at) * FROM unnest($1::text[], $2::timestamptz[], $3::int[]) WITH ORDINALITY
           AS t(user_id, from_at, account_id, place)
         ORDER BY user_id, from_at, place DESC
       ), known AS (
         SELECT DISTINCT user_id FROM user_account WHERE user_id = ANY($1)
       ), joined AS (
         INSERT INTO user_account (user_id, from_at, account_id) SELECT user_id, from_at, account_id FROM sent
         ON CONFLICT (user_id, from_at) DO UPDATE SET account_id = excluded.account_id
       )
       SELECT DISTINCT user_id FROM sent WHERE user_id NOT IN (SELECT user_id FROM known)`,
      [
        sorted.map((membership) => membership.userId),
        sorted.map((membership) => new Date(membership.from).toISOString()),
        sorted.map((membership) => membership.accountId),
      ],
    );
    return rows.map((row) => row.user_id);
  }

  /** A contact's users are in its account, unless the account is known for them already. */
  async linkContacts(
    manager: EntityManager,
    contacts: readonly { accountId: number; fields: Fields; from: number }[],
  ): Promise<string[]> {
    const links = contacts.flatMap(({ accountId, fields, from }) => {
      const userIds = fields['userIds'];
      const known = Array.isArray(userIds) ? userIds.filter((userId) => typeof userId === 'string') : [];
      return known.map((userId) => ({ userId, accountId, from }));
    });
    const memberships = await this.memberships(
      manager,
      links.map((link) => link.userId),
    );
    return this.join(
      manager,
      links.filter((link) => !memberships.all(link.userId).includes(link.accountId)),
    );
  }

  /** Answers the aliases that were not known before. */
  async alias(manager: EntityManager, aliases: ReadonlyMap<string, string>): Promise<string[]> {
    const gone = await this.erased.among(manager, [...aliases].flat());
    const sorted = [...aliases]
      .filter(([alias, userId]) => alias !== userId && !gone.has(alias) && !gone.has(userId))
      .sort();
    if (sorted.length === 0) return [];
    const rows: { alias: string }[] = await manager.query(
      `WITH made AS (
         INSERT INTO user_alias (alias, user_id) SELECT alias, user_id FROM unnest($1::text[], $2::text[]) AS t(alias, user_id)
         ON CONFLICT (alias) DO NOTHING RETURNING alias
       ) SELECT alias FROM made`,
      [sorted.map(([alias]) => alias), sorted.map(([, userId]) => userId)],
    );
    return rows.map((row) => row.alias);
  }

  /** The users under all of their ids. */
  async allIds(manager: EntityManager, userIds: readonly string[]): Promise<string[]> {
    if (userIds.length === 0) return [];
    const rows: { id: string }[] = await manager.query(
      `SELECT DISTINCT same.id FROM unnest($1::text[]) AS asked CROSS JOIN LATERAL (${sameUser('asked')}) same`,
      [userIds],
    );
    return rows.map((row) => row.id);
  }

  /** The contact that names the user or has the user's id, in the account given. */
  async contactsOf(
    manager: EntityManager,
    users: readonly { accountId: number; userId: string }[],
  ): Promise<Map<string, { id: string; userIds: string[] }>> {
    if (users.length === 0) return new Map();
    const rows: { account_id: number; user_id: string; id: string; user_ids: string[] }[] =
      await manager.query(
        `SELECT DISTINCT ON (u.account_id, u.user_id) u.account_id, u.user_id, c.id, coalesce(c.user_ids, '{}') AS user_ids
       FROM unnest($1::int[], $2::text[]) AS u(account_id, user_id)
       JOIN contact c ON c.account_id = u.account_id AND (c.user_ids @> ARRAY[u.user_id] OR c.id = u.user_id)
         AND c.valid_to = 'infinity'
       ORDER BY u.account_id, u.user_id, u.user_id = ANY(c.user_ids) DESC, c.id`,
        [users.map((user) => user.accountId), users.map((user) => user.userId)],
      );
    return new Map(
      rows.map((row) => [`${row.account_id} ${row.user_id}`, { id: row.id, userIds: row.user_ids }]),
    );
  }
}
