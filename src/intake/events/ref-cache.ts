import { Injectable } from '@nestjs/common';

const LIMIT = 500_000;

/**
 * Account refs seen by this instance. An entry is true for one version of the directory, which every transaction reads
 * when it begins; a merge, a deletion or a withdrawn id raises the version and so empties the cache everywhere.
 */
@Injectable()
export class RefCache {
  private version = 0;
  private readonly accounts = new Map<string, number>();

  /** Use the result before the next await: another transaction may clear the cache then. */
  at(version: number): ReadonlyMap<string, number> {
    // A transaction that began earlier must not restore what a newer one cleared.
    if (version < this.version) return new Map();
    if (version > this.version) {
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
