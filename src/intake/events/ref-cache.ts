import { Injectable } from '@nestjs/common';

const LIMIT = 500_000;

/**
 * Account refs seen by this instance. An entry is true for one version of the directory, which every transaction reads
 * while it holds the directory's shared lock; a merge or deletion raises the version and so empties the cache everywhere.
 */
@Injectable()
export class RefCache {
  private version = 0;
  private readonly accounts = new Map<string, number>();

  at(version: number): ReadonlyMap<string, number> {
    if (version !== this.version) {
      this.accounts.clear();
      this.version = version;
    }
    return this.accounts;
  }

  add(version: number, found: ReadonlyMap<string, number>): void {
    if (version !== this.version) return;
    if (this.accounts.size + found.size > LIMIT) this.accounts.clear();
    for (const [ref, accountId] of found) this.accounts.set(ref, accountId);
  }
}
