import { AccountListItem } from '../../scoring/scores/list-item.dto.js';

export class AccountList {
  items: AccountListItem[];
  /** Null on the last page */
  nextCursor: string | null;
}
