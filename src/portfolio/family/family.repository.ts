import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isStateOf, joinAccountState } from '../../accounts/states/as-of.sql.js';

export interface FamilyRow {
  readonly account_id: number;
  readonly id: string;
  readonly name: string | null;
  /** Null for the requested account. */
  readonly parent_account_id: number | null;
  /** Null if the account is not in the list. */
  readonly status: number | null;
  readonly band: number | null;
  /** Minor units. */
  readonly mrr: number | null;
  /** Hundredths of a point. */
  readonly health: number | null;
  readonly currency: string | null;
}

export interface FamilyHead {
  readonly accountId: number;
  readonly id: string;
  readonly parentId: string | null;
}

@Injectable()
export class FamilyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** By any of its ids. A known parent is returned with its own id. */
  async head(ref: string, now: Date): Promise<FamilyHead | null> {
    const [row] = await this.dataSource.query<FamilyHead[]>(
      `SELECT a.account_id AS "accountId", a.id, coalesce(parent.id, s.parent_id) AS "parentId"
       FROM account_ref r JOIN account a USING (account_id) ${joinAccountState('a', '$2')}
       LEFT JOIN account_ref up ON up.ref = s.parent_id COLLATE "C" LEFT JOIN account parent ON parent.account_id = up.account_id
       WHERE r.ref = $1`,
      [ref, now],
    );
    return row ?? null;
  }

  /**
   * The account and its descendants, each once even if parents form a cycle, sorted by MRR.
   */
  async below(accountId: number, now: Date): Promise<FamilyRow[]> {
    return this.dataSource.query<FamilyRow[]>(
      `WITH RECURSIVE family(account_id, parent_account_id) AS (
         SELECT $1::int, NULL::int
         UNION
         SELECT a.account_id, family.account_id FROM family
         JOIN account_ref r ON r.account_id = family.account_id
         JOIN account_state s ON s.parent_id COLLATE "C" = r.ref
         JOIN account a ON ${isStateOf('a', '$2')}
         WHERE a.merged_into IS NULL AND a.account_id <> $1
       )
       SELECT f.account_id, f.parent_account_id, a.id, s.name, c.status, c.band, c.mrr, c.health, c.currency
       FROM family f JOIN account a USING (account_id) ${joinAccountState('a', '$2')}
       LEFT JOIN account_now c ON c.account_id = f.account_id
       ORDER BY c.mrr DESC NULLS LAST, f.account_id`,
      [accountId, now],
    );
  }
}
