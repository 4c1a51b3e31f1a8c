import { IsOptional, Matches } from 'class-validator';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { ScoreChanges } from '../changes/score-changes.dto.js';
import { AccountScore } from '../scores/score.dto.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NOT_A_DAY = { message: '$property must be a UTC date such as 2024-12-31' };

export class AsOfQueryDto {
  /**
   * The UTC day at whose end the answer is true; absent or today: now
   * @example '2024-12-31'
   */
  @IsOptional()
  @Matches(DAY, NOT_A_DAY)
  asOf?: string;
}

export class DaysQueryDto {
  /** The first UTC day; default: 27 days before `to` */
  @IsOptional()
  @Matches(DAY, NOT_A_DAY)
  from?: string;

  /** The last UTC day; default: today */
  @IsOptional()
  @Matches(DAY, NOT_A_DAY)
  to?: string;
}

export class TimelineQueryDto extends PageQueryDto {
  /** Only what happened on or after this UTC day */
  @IsOptional()
  @Matches(DAY, NOT_A_DAY)
  from?: string;

  /** Only what happened up to the end of this UTC day */
  @IsOptional()
  @Matches(DAY, NOT_A_DAY)
  to?: string;
}

export class AccountContact {
  id: string;
  name: string | null;
  email: string | null;
  role: string | null;
  userIds: string[];
}

export class AccountSubscription {
  id: string;
  product: string | null;
  plan: string | null;
  seats: number | null;
  /** Minor units of `currency`. */
  mrr: number | null;
  currency: string | null;
  trial: boolean | null;
  startedAt: Date;
  renewsAt: Date | null;
  /** Days before `renewsAt` by which the customer must give notice. */
  noticePeriodDays: number | null;
  noticeGivenAt: Date | null;
  /**
   * Hours that support promises for tickets of each priority.
   * @example { "urgent": { "firstResponseHours": 1, "resolutionHours": 8 } }
   */
  serviceTargets: Record<string, { firstResponseHours?: number; resolutionHours?: number }> | null;
}

/** Who an account is. */
export class AccountDirectory {
  /** The id it was created under. */
  id: string;
  /** All ids that stand for it, those of merged accounts too. */
  ids: string[];
  name: string | null;
  tier: string | null;
  stage: string | null;
  csm: string | null;
  parentId: string | null;
  /** Accounts whose parent it is. */
  children: string[];
  domains: string[];
  internal: boolean;
  acquisitionChannel: string | null;
  referredBy: string | null;
  createdAt: Date | null;
  /** From when on it exists: the earlier of `createdAt` and its first fact. */
  existsFrom: Date | null;
  traits: Record<string, unknown>;
  /** Up to 200 of them, by id. */
  contacts: AccountContact[];
  /** All there are. */
  contactsTotal: number;
  /** Those running at that time. */
  subscriptions: AccountSubscription[];
  openTickets: number;
}

/** All that is known of an account, on one page. */
export class AccountPage extends AccountDirectory {
  /** The newest score, or that of the day asked for; null: none is stored. */
  score: AccountScore | null;
  /** What the 30 days before that score have changed; null: no score is stored from before. */
  recentChanges: ScoreChanges | null;
}

export class UsageDay {
  /** @example '2024-12-31' */
  day: string;
  events: number;
  /** Known users of the customer's own, each once. */
  activeUsers: number;
  /**
   * Events by name.
   * @example { "Report Created": 12 }
   */
  byEvent: Record<string, number>;
}

export class AccountUsage {
  accountId: string;
  /** Every day of the range, those without use too. */
  items: UsageDay[];
}

export class TimelineItem {
  at: Date;
  /** @example 'tickets' */
  kind: string;
  /**
   * What happened.
   * @example 'resolved'
   */
  what: string;
  /** The record's own id; for a day of usage the day. */
  id: string;
  /**
   * What else there is to say of it.
   * @example { "priority": "urgent" }
   */
  detail: Record<string, unknown>;
}

export class TimelinePage {
  items: TimelineItem[];
  /** Null on the last page. */
  nextCursor: string | null;
}
