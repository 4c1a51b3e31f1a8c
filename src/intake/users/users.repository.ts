import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { idsOfPerson, personOf } from './person.sql.js';
import { ErasedPersons } from '../erasure/erased-persons.js';
import type { Fields } from '../../accounts/states/fold.js';

interface MembershipRow {
  asked: string;
  account_id: number;
  from_ms: string;
}

/** The accounts a user was in, earliest first. The first membership also holds before its start. */
export interface Memberships {
  at(userId: string, at: number): number | undefined;
  /** Every account the user was ever in. */
  all(userId: string): number[];
}

export interface Membership {
  readonly userId: string;
  readonly from: number;
  readonly accountId: number;
}

export interface Joined {
  /** Users who had no account before. */
  readonly appeared: string[];
  /** For each membership, whether it was new information. */
  readonly stored: boolean[];
}

/** Serializes finding the account of events that name only a user. */
const ATTRIBUTION_LOCK = 7005;

@Injectable()
export class UsersRepository {
  constructor(private readonly erased: ErasedPersons) {}

  /**
   * Memberships for storing events that name only a user. Every such transaction holds a lock from before this read until it ends:
   * a shared lock, or an exclusive one if a user was in several accounts, so that it sees every earlier attribution.
   */
  async settledMemberships(manager: EntityManager, userIds: readonly string[]): Promise<Memberships> {
    await manager.query(`SAVEPOINT attribution; SELECT pg_advisory_xact_lock_shared(${ATTRIBUTION_LOCK})`);
    const seen = await this.memberships(manager, userIds);
    if (!userIds.some((userId) => seen.all(userId).length > 1)) return seen;
    // Releases the shared lock first: two transactions that hold it and wait for the exclusive one would deadlock.
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
            `WITH asked AS MATERIALIZED (
               SELECT id, ${personOf('sent.id')} AS person FROM unnest($1::text[]) AS sent(id)
             ), told AS (
               SELECT person, m.account_id, m.from_at, m.user_id, extract(epoch FROM m.from_at) * 1000 AS from_ms,
                 lag(m.account_id) OVER (PARTITION BY person ORDER BY m.from_at, m.user_id) AS before
               FROM (SELECT DISTINCT person FROM asked) AS known
               CROSS JOIN LATERAL (${idsOfPerson('person')}) AS same JOIN user_account m ON m.user_id = same.id
             )
             SELECT asked.id AS asked, account_id, from_ms FROM asked JOIN told USING (person)
             WHERE before IS DISTINCT FROM account_id ORDER BY asked.id, from_at, told.user_id`,
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

  /**
   * Keeps only the first and the last of a run of memberships in the same account. The trade-off: a move that arrives late, or under
   * an alias, and lies within such a run holds until the end of the run, not until the next membership.
   */
  async join(manager: EntityManager, memberships: readonly Membership[]): Promise<Joined> {
    if (memberships.length === 0) return { appeared: [], stored: [] };
    const gone = await this.erased.among(
      manager,
      memberships.map((membership) => membership.userId),
    );
    const kept = memberships.map((membership) => ({
      ...membership,
      userId: this.erased.kept(gone, membership.userId),
    }));
    const sorted = [...kept].sort((a, b) => (a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : 0));
    const rows: { user_id: string; from_ms: string | null; fresh: boolean }[] = await manager.query(
      `WITH sent AS (
         SELECT DISTINCT ON (user_id, from_at) * FROM unnest($1::text[], $2::timestamptz[], $3::int[]) WITH ORDINALITY
           AS t(user_id, from_at, account_id, place)
         ORDER BY user_id, from_at, place DESC
       ), known AS (
         SELECT DISTINCT user_id FROM user_account WHERE user_id = ANY($1)
       ), joined AS (
         INSERT INTO user_account (user_id, from_at, account_id) SELECT user_id, from_at, account_id FROM sent
         ON CONFLICT (user_id, from_at) DO UPDATE SET account_id = excluded.account_id
           WHERE user_account.account_id <> excluded.account_id
         RETURNING user_id, from_at
       )
       SELECT user_id, extract(epoch FROM from_at) * 1000 AS from_ms, user_id NOT IN (SELECT user_id FROM known) AS fresh
       FROM joined`,
      [
        sorted.map((membership) => membership.userId),
        sorted.map((membership) => new Date(membership.from).toISOString()),
        sorted.map((membership) => membership.accountId),
      ],
    );
    const written = new Set(rows.map((row) => `${Number(row.from_ms)} ${row.user_id}`));
    const thinned = await this.thin(
      manager,
      rows.map((row) => row.user_id),
    );
    for (const row of thinned) written.delete(`${Number(row.from_ms)} ${row.user_id}`);
    return {
      appeared: [...new Set(rows.flatMap((row) => (row.fresh ? [row.user_id] : [])))],
      stored: kept.map(({ userId, from }) => written.has(`${from} ${userId}`)),
    };
  }

  private async thin(
    manager: EntityManager,
    userIds: readonly string[],
  ): Promise<{ user_id: string; from_ms: string }[]> {
    if (userIds.length === 0) return [];
    return manager.query(
      `WITH gone AS (
         DELETE FROM user_account m USING (
           SELECT user_id, from_at, account_id, lag(account_id) OVER told AS before, lead(account_id) OVER told AS after
           FROM user_account WHERE user_id = ANY($1) WINDOW told AS (PARTITION BY user_id ORDER BY from_at)
         ) AS t
         WHERE m.user_id = t.user_id AND m.from_at = t.from_at AND t.before = t.account_id AND t.after = t.account_id
         RETURNING m.user_id, m.from_at
       ) SELECT user_id, extract(epoch FROM from_at) * 1000 AS from_ms FROM gone`,
      [[...new Set(userIds)]],
    );
  }

  /** Makes a contact's users members of its account, unless they are already. */
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
    const { appeared } = await this.join(
      manager,
      links.filter((link) => !memberships.all(link.userId).includes(link.accountId)),
    );
    return appeared;
  }

  /** The person's contact in each given account. A contact that names this very user goes before one that names an alias. */
  async contactsOf(
    manager: EntityManager,
    users: readonly { accountId: number; userId: string }[],
  ): Promise<Map<string, { id: string; userIds: string[] }>> {
    if (users.length === 0) return new Map();
    const rows: { account_id: number; user_id: string; id: string; user_ids: string[] }[] =
      await manager.query(
        `SELECT DISTINCT ON (u.account_id, u.user_id) u.account_id, u.user_id, c.id, coalesce(c.user_ids, '{}') AS user_ids
       FROM unnest($1::int[], $2::text[]) AS u(account_id, user_id)
       CROSS JOIN LATERAL (
         SELECT array_agg(same.id) AS ids FROM (SELECT ${personOf('u.user_id')} AS person OFFSET 0) AS known
         CROSS JOIN LATERAL (${idsOfPerson('person')}) AS same
       ) AS person
       JOIN contact c ON c.account_id = u.account_id AND (c.user_ids && person.ids OR c.id = ANY(person.ids))
         AND c.valid_to = 'infinity'
       ORDER BY u.account_id, u.user_id, coalesce(u.user_id = ANY(c.user_ids), false) DESC, c.id = u.user_id DESC, c.id`,
        [users.map((user) => user.accountId), users.map((user) => user.userId)],
      );
    return new Map(
      rows.map((row) => [`${row.account_id} ${row.user_id}`, { id: row.id, userIds: row.user_ids }]),
    );
  }
}
