import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { joinAccountState } from '../../accounts/states/as-of.sql.js';
import type { Names } from './list-item.js';

@Injectable()
export class NamesRepository {
  /** Current names; deleted and merged accounts are absent. */
  async of(manager: EntityManager, accountIds: readonly number[]): Promise<Map<number, Names>> {
    const rows = await manager.query<(Names & { account_id: number })[]>(
      `SELECT a.account_id, a.id, s.name, s.csm FROM account a
       ${joinAccountState('a', `'infinity'`)}
       WHERE a.account_id = ANY($1) AND a.merged_into IS NULL`,
      [accountIds],
    );
    return new Map(rows.map(({ account_id, id, name, csm }) => [account_id, { id, name, csm }]));
  }
}
