import { PageQueryDto } from '../../platform/page-query.dto.js';
import { MayBeAbsent } from '../../platform/validation/rules.js';
import { IsDay } from '../../scoring/features/is-day.js';
import { ScoreChanges } from '../changes/score-changes.dto.js';
import { AccountScore } from '../scores/score.dto.js';

export class AsOfQueryDto {
  /**
   * Show the state at the end of this UTC day. Default: now
   * @example '2024-12-31'
   */
  @MayBeAbsent()
  @IsDay()
  asOf?: string;
}

export class DaysQueryDto {
  /** First UTC day. Default: 27 days before `to` */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /** Last UTC day. Default: today */
  @MayBeAbsent()
  @IsDay()
  to?: string;
}

export class TimelineQueryDto extends PageQueryDto {
  /** Only entries on or after this UTC day */
  @MayBeAbsent()
  @IsDay()
  from?: string;

  /** Only entries up to the end of this UTC day */
  @MayBeAbsent()
  @IsDay()
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
   * Promised support times for tickets of each priority, in hours.
   * @example { "urgent": { "firstResponseHours": 1, "resolutionHours": 8 } }
   */
  serviceTargets: Record<string, { firstResponseHours?: number; resolutionHours?: number }> | null;
}

/** Who an account is. */
export class AccountDirectory {
  /** The id it was created with. */
  id: string;
  /** All ids of the account, including those of accounts merged into it. */
  ids: string[];
  name: string | null;
  tier: string | null;
  stage: string | null;
  csm: string | null;
  parentId: string | null;
  /** Accounts that have it as their parent. */
  children: string[];
  domains: string[];
  internal: boolean;
  acquisitionChannel: string | null;
  referredBy: string | null;
  createdAt: Date | null;
  /** Since when it exists: the earlier of `createdAt` and its first fact. */
  existsFrom: Date | null;
  traits: Record<string, unknown>;
  /** Up to 200 of them, by id. */
  contacts: AccountContact[];
  /** Total number of contacts. */
  contactsTotal: number;
  /** Subscriptions running at that time. */
  subscriptions: AccountSubscription[];
  openTickets: number;
}

/** All that is known of an account, on one page. */
export class AccountPage extends AccountDirectory {
  /** The latest score, or that of the requested day; null if none is stored. */
  score: AccountScore | null;
  /** What changed in the 30 days before that score; null if no earlier score is stored. */
  recentChanges: ScoreChanges | null;
}

export class UsageDay {
  /** @example '2024-12-31' */
  day: string;
  events: number;
  /** Distinct known users who belong to the customer. */
  activeUsers: number;
  /**
   * Events by name.
   * @example { "Report Created": 12 }
   */
  byEvent: Record<string, number>;
}

export class AccountUsage {
  accountId: string;
  /** Every day of the range, including days without usage. */
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
  /** The record's id; for a day of usage, the day. */
  id: string;
  /**
   * Further details.
   * @example { "priority": "urgent" }
   */
  detail: Record<string, unknown>;
}

export class TimelinePage {
  items: TimelineItem[];
  /** Null on the last page. */
  nextCursor: string | null;
}
