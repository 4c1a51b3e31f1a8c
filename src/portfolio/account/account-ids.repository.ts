import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared, queryPrepared } from '../../platform/database/prepared.js';
import { DomainError } from '../../platform/errors.js';

export interface AccountIds {
  readonly accountId: number;
  /** The id it was created with. */
  readonly id: string;
}

const IDS = prepared(
  `SELECT account_id AS "accountId", account.id FROM account_ref JOIN account USING (account_id) WHERE ref = ANY($1)`,
);

@Injectable()
export class AccountIdsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Finds the account by any of its ids. Throws 404 `not_found`. */
  async get(ref: string): Promise<AccountIds> {
    const [account] = await this.all([ref]);
    if (!account) throw new DomainError('not_found', 404, 'No account has this id', { pointer: '/id' });
    return account;
  }

  /** The existing ones, in no particular order. */
  async all(refs: readonly string[]): Promise<AccountIds[]> {
    return queryPrepared(this.dataSource, IDS, [refs]);
  }
}
