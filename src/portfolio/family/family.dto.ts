import type { Status } from '../../scoring/features/account-features.js';
import type { Band } from '../../scoring/model/scorecard.js';
import { Money } from '../../scoring/scores/list-item.dto.js';

/** An account and its descendants, each counted once. */
export class Subtree {
  /** @example 4 */
  accounts: number;
  /** Null if no account's MRR is known. */
  mrr: Money | null;
  /**
   * Mean health weighted by MRR, of accounts with known health that have not churned (unweighted if none pays); null if there is none.
   * @example 58.2
   */
  health: number | null;
  /**
   * Share of MRR in red accounts, 0 to 1; null if there is no MRR.
   * @example 0.31
   */
  redShare: number | null;
}

export class FamilyMemberDto {
  /** @example 'A-2' */
  id: string;
  name: string | null;
  /**
   * Its parent within this hierarchy; null for the requested account.
   * @example 'A-1'
   */
  parentId: string | null;
  /** Null if it was never scored, such as an internal account. */
  status: Status | null;
  mrr: Money | null;
  /** 0 to 100. */
  health: number | null;
  band: Band;
}

export class AccountFamily {
  /** @example 'A-1' */
  accountId: string;
  /**
   * The account's own parent.
   * @example 'A-0'
   */
  parentId: string | null;
  /** Null if it has no children. */
  subtree: Subtree | null;
  /** The account itself, then its descendants by MRR: up to 200. */
  members: FamilyMemberDto[];
}
