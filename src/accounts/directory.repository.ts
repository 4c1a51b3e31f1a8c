import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { markTouched } from './touched-accounts.repository.js';

/** First keys of this folder's advisory locks, which are released at the end of the transaction. */
export const DIRECTORY_LOCK = 7001;
const ACCOUNT_LOCK = 7002;
/** Accounts share this many locks so that a large batch does not exhaust the server's lock table. */
const ACCOUNT_LOCKS = 256;

interface RefRow {
  ref: string;
  account_id: number;
}

/** Maps outside ids to `account_id` and records to their account. */
@Injectable()
export class DirectoryRepository {
  /** Every transaction that stores facts takes this lock. While it is held, no account is merged or deleted and no person erased. */
  async lockShared(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock_shared($1, 0)', [DIRECTORY_LOCK]);
  }

  /** Waits for all transactions that store facts and blocks new ones. */
  async lockExclusive(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1, 0)', [DIRECTORY_LOCK]);
  }

  /** Serializes writers of the same accounts' records. Locks are taken in one order, so writers cannot deadlock. */
  async lockAccounts(manager: EntityManager, accountIds: Iterable<number>): Promise<void> {
    const keys = [...new Set([...accountIds].map((id) => id % ACCOUNT_LOCKS))].sort((a, b) => a - b);
    await manager.query('SELECT pg_advisory_xact_lock($1, key) FROM unnest($2::int[]) AS key', [
      ACCOUNT_LOCK,
      keys,
    ]);
  }

  /** Call after a change that makes a cached ref wrong: a merge, a deletion or a withdrawn id. See RefCache. */
  async raiseVersion(manager: EntityManager): Promise<void> {
    await manager.query('UPDATE directory_version SET version = version + 1');
  }

  async resolve(manager: EntityManager, refs: Iterable<string>): Promise<Map<string, number>> {
    const wanted = [...new Set(refs)];
    if (wanted.length === 0) return new Map();
    const rows: RefRow[] = await manager.query(
      'SELECT ref, account_id FROM account_ref WHERE ref = ANY($1)',
      [wanted],
    );
    return new Map(rows.map((row) => [row.ref, row.account_id]));
  }

  /** Creates the accounts that do not exist yet and returns the ones it created. */
  async create(manager: EntityManager, ids: Iterable<string>): Promise<Map<string, number>> {
    const sorted = [...new Set(ids)].sort();
    if (sorted.length === 0) return new Map();
    const rows: RefRow[] = await manager.query(
      `WITH fresh AS (
         INSERT INTO account_ref (ref, account_id, source)
         SELECT ref, nextval(pg_get_serial_sequence('account', 'account_id')), 'id' FROM unnest($1::text[]) AS ref
         ON CONFLICT (ref) DO NOTHING
         RETURNING ref, account_id
       ), made AS (
         INSERT INTO account (account_id, id) OVERRIDING SYSTEM VALUE SELECT account_id, ref FROM fresh
       )
       SELECT ref, account_id FROM fresh`,
      [sorted],
    );
    return new Map(rows.map((row) => [row.ref, row.account_id]));
  }

  /** The refs among these that belong to merged accounts, with the account they point to now. */
  async merged(
    manager: EntityManager,
    refs: readonly string[],
  ): Promise<Map<string, { accountId: number; id: string }>> {
    const rows: { ref: string; account_id: number; id: string }[] = await manager.query(
      `SELECT r.ref, r.account_id, a.id FROM account_ref r JOIN account a USING (account_id) WHERE r.ref = ANY($1) AND r.source = 'merged'`,
      [refs],
    );
    return new Map(rows.map((row) => [row.ref, { accountId: row.account_id, id: row.id }]));
  }

  /** The id each account was created under. */
  async ownIds(manager: EntityManager, accountIds: Iterable<number>): Promise<Map<number, string>> {
    const rows: { account_id: number; id: string }[] = await manager.query(
      'SELECT account_id, id FROM account WHERE account_id = ANY($1)',
      [[...new Set(accountIds)]],
    );
    return new Map(rows.map((row) => [row.account_id, row.id]));
  }

  /** Assigns free refs to accounts and returns the current owner of each ref. */
  async claimExternal(
    manager: EntityManager,
    claims: ReadonlyMap<string, number>,
  ): Promise<Map<string, number>> {
    if (claims.size === 0) return new Map();
    const refs = [...claims.keys()].sort();
    await manager.query(
      `INSERT INTO account_ref (ref, account_id, source)
       SELECT ref, account_id, 'external' FROM unnest($1::text[], $2::int[]) AS t(ref, account_id)
       ON CONFLICT (ref) DO NOTHING`,
      [refs, refs.map((ref) => claims.get(ref))],
    );
    return this.resolve(manager, refs);
  }

  /** Frees the external ids of these accounts that are not in `kept`. */
  async releaseExternal(manager: EntityManager, accountIds: number[], kept: string[]): Promise<void> {
    const gone: unknown[] = await manager.query(
      `WITH gone AS (
         DELETE FROM account_ref WHERE account_id = ANY($1) AND source = 'external' AND NOT (ref = ANY($2)) RETURNING ref
       ) SELECT ref FROM gone`,
      [accountIds, kept],
    );
    if (gone.length > 0) await this.raiseVersion(manager);
  }

  async owners(manager: EntityManager, kind: string, ids: Iterable<string>): Promise<Map<string, number>> {
    const wanted = [...new Set(ids)];
    const rows: { id: string; account_id: number }[] = await manager.query(
      'SELECT id, account_id FROM record_ref WHERE kind = $1 AND id = ANY($2)',
      [kind, wanted],
    );
    return new Map(rows.map((row) => [row.id, row.account_id]));
  }

  /** Assigns records without an account and returns the current account of each record. */
  async claimRecords(
    manager: EntityManager,
    kind: string,
    claims: ReadonlyMap<string, number>,
  ): Promise<Map<string, number>> {
    if (claims.size === 0) return new Map();
    const ids = [...claims.keys()].sort();
    await manager.query(
      `INSERT INTO record_ref (kind, id, account_id)
       SELECT $1, id, account_id FROM unnest($2::text[], $3::int[]) AS t(id, account_id)
       ON CONFLICT (kind, id) DO NOTHING`,
      [kind, ids, ids.map((id) => claims.get(id))],
    );
    return this.owners(manager, kind, ids);
  }

  /**
   * Marks accounts as having facts newer than their score, and moves their start back to the earliest fact.
   */
  async touch(manager: EntityManager, firstFactAt: ReadonlyMap<number, number | null>): Promise<void> {
    if (firstFactAt.size === 0) return;
    const ids = [...firstFactAt.keys()].sort((a, b) => a - b);
    const times = ids.map((id) => firstFactAt.get(id) ?? null);
    await manager.query(
      `WITH touched AS (
         ${markTouched('SELECT account_id FROM unnest($1::int[]) AS account_id')}
       )
       UPDATE account SET first_fact_at = to_timestamp(t.at / 1000)
       FROM unnest($1::int[], $2::float8[]) AS t(id, at)
       WHERE account_id = t.id AND t.at IS NOT NULL
         AND (first_fact_at IS NULL OR first_fact_at > to_timestamp(t.at / 1000))`,
      [ids, times],
    );
  }
}
