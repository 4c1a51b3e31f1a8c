import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DirectoryRepository } from '../../accounts/directory.repository.js';
import type { Fields } from '../../accounts/states/fold.js';

interface Sent {
  readonly id: string;
  readonly fields: Fields;
}

function externalIdsOf(fields: Fields): string[] {
  const ids = fields['externalIds'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

/** An account's ids from other systems. Each belongs to one account and can be used wherever an account id is expected. */
@Injectable()
export class ExternalIds {
  constructor(private readonly directory: DirectoryRepository) {}

  /**
   * `refuse` is called if an external id belongs to another account. For the others, returns the account or, if it is new,
   * the id to create it with: several items may be one account if an earlier one lists the id of a later one.
   */
  async refuseTaken(
    manager: EntityManager,
    sent: ReadonlyMap<number, Sent>,
    refuse: (index: number, ref: string) => void,
  ): Promise<Map<number, number | string>> {
    const refs = [...sent.values()].flatMap((account) => [account.id, ...externalIdsOf(account.fields)]);
    const known = await this.directory.resolve(manager, refs);
    const claimed = new Map<string, number | string>(known);
    const free = new Map<number, number | string>();
    for (const [index, account] of sent) {
      const self = claimed.get(account.id) ?? account.id;
      const taken = externalIdsOf(account.fields).find((ref) => (claimed.get(ref) ?? self) !== self);
      if (taken !== undefined) {
        refuse(index, taken);
        continue;
      }
      for (const ref of [account.id, ...externalIdsOf(account.fields)]) claimed.set(ref, self);
      free.set(index, self);
    }
    return free;
  }

  /** Replaces the accounts' external ids in the directory; `lost` if another transaction took one first. */
  async apply(
    manager: EntityManager,
    accounts: readonly { accountId: number; fields: Fields }[],
  ): Promise<{ accounts: string[]; lost: boolean }> {
    const claims = new Map<string, number>();
    for (const { accountId, fields } of accounts)
      for (const ref of externalIdsOf(fields)) claims.set(ref, accountId);
    const known = await this.directory.resolve(manager, claims.keys());
    const owners = await this.directory.claimExternal(manager, claims);
    const lost = [...claims].some(([ref, accountId]) => owners.get(ref) !== accountId);
    await this.directory.releaseExternal(
      manager,
      accounts.map((account) => account.accountId),
      [...claims.keys()],
    );
    return { accounts: [...claims.keys()].filter((ref) => !known.has(ref)), lost };
  }
}
