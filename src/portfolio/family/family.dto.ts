import type { Status } from '../../scoring/features/account-features.js';
import type { Band } from '../../scoring/model/scorecard.js';
import { Money } from '../../scoring/scores/list-item.dto.js';

/** An account with all that stands below it, itself included, each counted once. */
export class Subtree {
  /** @example 4 */
  accounts: number;
  /** Null: no MRR of any of them is known. */
  mrr: Money | null;
  /**
   * Mean of those whose health is known and who have not churned, weighted by MRR (all alike when none of them pays); null: there is none.
   * @example 58.2
   */
  health: number | null;
  /**
   * Share of the MRR that is with red accounts, 0 to 1; null: there is no MRR.
   * @example 0.31
   */
  redShare: number | null;
}

export class FamilyMemberDto {
  /** @example 'A-2' */
  id: string;
  name: string | null;
  /**
   * The one of this family that it stands below; null: the account that was asked for.
   * @example 'A-1'
   */
  parentId: string | null;
  /** Null: it was never scored, as is an internal one. */
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
   * The account that it stands below itself.
   * @example 'A-0'
   */
  parentId: string | null;
  /** Null: none stands below it. */
  subtree: Subtree | null;
  /** Itself first, then those that pay the most: up to 200. */
  members: FamilyMemberDto[];
}
