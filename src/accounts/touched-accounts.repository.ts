import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * Marks the accounts selected by `accounts` (a column `account_id`, in its order) as having facts newer than their score,
 * since now or an earlier mark. Existing marks are locked too, so that a run that removes them waits for these facts.
 * Always lock in order of ids.
 */
export const markTouched = (accounts: string): string => `
INSERT INTO touched_account (account_id, touched_at) SELECT account_id, now() FROM (${accounts}) AS touched
ON CONFLICT (account_id) DO UPDATE SET touched_at = touched_account.touched_at`;

/** Accounts with facts newer than their score. The only code that uses these tables. */
@Injectable()
export class TouchedAccounts {
  async mark(manager: EntityManager, accountIds: readonly number[]): Promise<void> {
    await manager.query(
      markTouched('SELECT account_id FROM unnest($1::int[]) AS account_id ORDER BY account_id'),
      [accountIds],
    );
  }

  /**
   * Removes the marks because the facts are about to be read; returns the accounts that had one. A fact that arrives later
   * marks its account again, whether or not it is read.
   */
  async unmark(manager: EntityManager, accountIds: readonly number[]): Promise<number[]> {
    const [rows] = await manager.query<[{ account_id: number }[], number]>(
      `DELETE FROM touched_account WHERE account_id IN (
         SELECT account_id FROM touched_account WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE)
       RETURNING account_id`,
      [accountIds],
    );
    return rows.map((row) => row.account_id);
  }

  /**
   * The same for a run whose list is not shown yet: the marks are kept until `forgetTaken`, or put back by `putBack`.
   */
  async take(manager: EntityManager, accountIds: readonly number[]): Promise<number[]> {
    const rows = await manager.query<{ account_id: number }[]>(
      `WITH taken AS (
         DELETE FROM touched_account WHERE account_id IN (
           SELECT account_id FROM touched_account WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE)
         RETURNING account_id, touched_at
       ), kept AS (
         INSERT INTO touched_in_run SELECT account_id, touched_at FROM taken ON CONFLICT (account_id) DO NOTHING
       ) SELECT account_id FROM taken`,
      [accountIds],
    );
    return rows.map((row) => row.account_id);
  }

  /** The list with the accounts' new facts is shown. */
  async forgetTaken(manager: EntityManager): Promise<void> {
    await manager.query('DELETE FROM touched_in_run');
  }

  /** The list with the accounts' new facts will never be shown, so they must be scored again. */
  async putBack(manager: EntityManager): Promise<void> {
    await manager.query(
      `WITH taken AS (DELETE FROM touched_in_run RETURNING account_id, touched_at)
       INSERT INTO touched_account SELECT account_id, touched_at FROM taken ORDER BY account_id
       ON CONFLICT (account_id) DO UPDATE SET touched_at = least(touched_account.touched_at, excluded.touched_at)`,
    );
  }

  /** Those waiting longest, ordered by id. */
  async oldest(manager: EntityManager, limit: number): Promise<number[]> {
    const rows = await manager.query<{ account_id: number }[]>(
      `SELECT account_id FROM (SELECT account_id FROM touched_account ORDER BY touched_at LIMIT $1) AS oldest ORDER BY account_id`,
      [limit],
    );
    return rows.map((row) => row.account_id);
  }

  /** How long the oldest one has waited; 0 if none. */
  async oldestSeconds(manager: EntityManager): Promise<number> {
    const [row] = await manager.query<{ seconds: number }[]>(
      'SELECT coalesce(extract(epoch FROM now() - min(touched_at)), 0)::int AS seconds FROM touched_account',
    );
    return row?.seconds ?? 0;
  }
}
