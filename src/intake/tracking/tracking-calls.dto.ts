import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsObject, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsShape, IsText } from '../../platform/validation/rules.js';
import { type ClientId, IsClientId, IsClientIdOrEmpty } from './client-id.js';

// The Segment HTTP tracking API as its clients send it. Fields not named here (`sentAt`, `integrations`, …) are let through and
// not looked at. Ids are texts; an empty one counts as absent. The classes repeat fields: the swagger plugin reads each by itself.

/** Of the `context` of a call, what is looked at. */
export class CallContext {
  /**
   * The account in which it was done, by any of its ids. Goes before the call's own `groupId`.
   * @example 'A-1'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /** What is known of the user. */
  @IsOptional()
  @IsObject()
  traits?: Record<string, unknown> | null;

  /** The product it was done in. Default: none. */
  @IsOptional()
  @IsText(255)
  product?: string | null;
}

/** A user did something. */
export class TrackCall {
  /**
   * What was done.
   * @example 'Report Created'
   */
  @IsKey()
  event: string;

  /**
   * The client's id of the call, the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * Who did it.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** A visitor who is not known yet: kept, not counted as an active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /** The account, by any of its ids, if `context.groupId` does not say it. */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /**
   * When it was done. Required, or else `originalTimestamp`.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** The same, as RudderStack sends it; read when there is no `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Anything else, up to 20 levels deep. */
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown> | null;

  /** Circumstances of the call; other fields in it are let through. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** Who a user is. */
export class IdentifyCall {
  /**
   * The client's id of the call, the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * Who did it.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** A visitor who is not known yet: kept, not counted as an active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /** The account, by any of its ids, if `context.groupId` does not say it. */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /**
   * When it was done. Required, or else `originalTimestamp`.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** The same, as RudderStack sends it; read when there is no `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** What is known of the user. */
  @IsOptional()
  @IsObject()
  traits?: Record<string, unknown> | null;

  /** Circumstances of the call; other fields in it are let through. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** A user belongs to an account; what is known of that account. */
export class GroupCall {
  /**
   * The account; one that is not known yet is created.
   * @example 'A-1'
   */
  @IsClientId()
  groupId: ClientId;

  /**
   * The client's id of the call, the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * Who did it.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** A visitor who is not known yet: kept, not counted as an active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /**
   * When it was done. Required, or else `originalTimestamp`.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** The same, as RudderStack sends it; read when there is no `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** What is known of the account. */
  @IsOptional()
  @IsObject()
  traits?: Record<string, unknown> | null;

  /** Circumstances of the call; other fields in it are let through. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** A user looked at a web page. */
export class PageCall {
  /** The name of the page or screen. */
  @IsOptional()
  @IsText(255)
  name?: string | null;

  /** The group of pages or screens that it belongs to. */
  @IsOptional()
  @IsText(255)
  category?: string | null;

  /**
   * The client's id of the call, the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * Who did it.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** A visitor who is not known yet: kept, not counted as an active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /** The account, by any of its ids, if `context.groupId` does not say it. */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /**
   * When it was done. Required, or else `originalTimestamp`.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** The same, as RudderStack sends it; read when there is no `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Anything else, up to 20 levels deep. */
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown> | null;

  /** Circumstances of the call; other fields in it are let through. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** A user looked at a screen of an app. */
export class ScreenCall {
  /** The name of the page or screen. */
  @IsOptional()
  @IsText(255)
  name?: string | null;

  /** The group of pages or screens that it belongs to. */
  @IsOptional()
  @IsText(255)
  category?: string | null;

  /**
   * The client's id of the call, the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * Who did it.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** A visitor who is not known yet: kept, not counted as an active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /** The account, by any of its ids, if `context.groupId` does not say it. */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /**
   * When it was done. Required, or else `originalTimestamp`.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** The same, as RudderStack sends it; read when there is no `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Anything else, up to 20 levels deep. */
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown> | null;

  /** Circumstances of the call; other fields in it are let through. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** One user under two ids. */
export class AliasCall {
  /**
   * The id that was used before.
   * @example 'u-anonymous-3'
   */
  @IsClientId()
  previousId: ClientId;

  /**
   * The id that takes its place.
   * @example 'u-17'
   */
  @IsClientId()
  userId: ClientId;

  /**
   * The client's id of the call, the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * When it was done. Required, or else `originalTimestamp`.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** The same, as RudderStack sends it; read when there is no `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Circumstances of the call; other fields in it are let through. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** Many calls at once, each with its `type`: track, identify, group, page, screen or alias. Each is judged by itself. */
export class BatchCall {
  /** The calls, each an object with its `type`. */
  @IsArray()
  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      required: ['type'],
      properties: {
        type: { type: 'string', enum: ['track', 'identify', 'group', 'page', 'screen', 'alias'] },
      },
      additionalProperties: true,
    },
    example: [
      {
        type: 'group',
        userId: 'u-17',
        groupId: 'A-1',
        traits: { name: 'Acme Ltd' },
        timestamp: '2025-01-01T08:00:00Z',
        messageId: 'm-1',
      },
      {
        type: 'track',
        userId: 'u-17',
        event: 'Report Created',
        properties: { pages: 3 },
        timestamp: '2025-01-01T08:05:00Z',
        messageId: 'm-2',
      },
    ],
  })
  batch: unknown[];
}
