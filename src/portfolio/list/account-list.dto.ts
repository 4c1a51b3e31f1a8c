import { AccountListItem } from '../../scoring/scores/list-item.dto.js';

export class AccountList {
  items: AccountListItem[];
  /** Null at the end */
  nextCursor: string | null;
}
