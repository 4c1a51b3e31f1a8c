import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsObject, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsShape, IsText } from '../../platform/validation/rules.js';
import { type ClientId, IsClientId, IsClientIdOrEmpty } from './client-id.js';

// The Segment HTTP tracking API as its clients use it. Fields not named here (`integrations`, …) are accepted and ignored.
// An empty id counts as absent. The classes repeat fields because the swagger plugin reads each class on its own.

/** The parts of a call's `context` that Steward uses. */
export class CallContext {
  /**
   * Any id of the account it happened in. Overrides the call's own `groupId`.
   * @example 'A-1'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /** Traits of the user. */
  @IsOptional()
  @IsObject()
  traits?: Record<string, unknown> | null;

  /** Product it happened in. Default: none. */
  @IsOptional()
  @IsText(255)
  product?: string | null;
}

/** A user did something in the product. */
export class TrackCall {
  /**
   * Name of the event.
   * @example 'Report Created'
   */
  @IsKey()
  event: string;

  /**
   * The client's id for the call; the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * User id.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** Id of a visitor who is not identified yet. The call is stored but counts no active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /** Any id of the account, if there is no `context.groupId`. */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /**
   * When it happened. Required unless `originalTimestamp` is sent.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** What RudderStack sends instead of `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Any other properties, up to 20 levels deep. */
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown> | null;

  /** Context of the call. Other fields in it are ignored. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** Identifies a user and updates the contact. */
export class IdentifyCall {
  /**
   * The client's id for the call; the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * User id.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** Id of a visitor who is not identified yet. The call is stored but counts no active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /** Any id of the account, if there is no `context.groupId`. */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /**
   * When it happened. Required unless `originalTimestamp` is sent.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** What RudderStack sends instead of `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Traits of the user. */
  @IsOptional()
  @IsObject()
  traits?: Record<string, unknown> | null;

  /** Context of the call. Other fields in it are ignored. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** Puts a user in an account and updates the account. */
export class GroupCall {
  /**
   * Id of the account. An unknown account is created.
   * @example 'A-1'
   */
  @IsClientId()
  groupId: ClientId;

  /**
   * The client's id for the call; the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * User id.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** Id of a visitor who is not identified yet. The call is stored but counts no active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /**
   * When it happened. Required unless `originalTimestamp` is sent.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** What RudderStack sends instead of `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Traits of the account. */
  @IsOptional()
  @IsObject()
  traits?: Record<string, unknown> | null;

  /** Context of the call. Other fields in it are ignored. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** A user viewed a web page. */
export class PageCall {
  /** Name of the page or screen. */
  @IsOptional()
  @IsText(255)
  name?: string | null;

  /** Category of the page or screen. */
  @IsOptional()
  @IsText(255)
  category?: string | null;

  /**
   * The client's id for the call; the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * User id.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** Id of a visitor who is not identified yet. The call is stored but counts no active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /** Any id of the account, if there is no `context.groupId`. */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /**
   * When it happened. Required unless `originalTimestamp` is sent.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** What RudderStack sends instead of `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Any other properties, up to 20 levels deep. */
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown> | null;

  /** Context of the call. Other fields in it are ignored. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** A user viewed a screen of an app. */
export class ScreenCall {
  /** Name of the page or screen. */
  @IsOptional()
  @IsText(255)
  name?: string | null;

  /** Category of the page or screen. */
  @IsOptional()
  @IsText(255)
  category?: string | null;

  /**
   * The client's id for the call; the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * User id.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  userId?: ClientId | null;

  /** Id of a visitor who is not identified yet. The call is stored but counts no active user. */
  @IsOptional()
  @IsClientIdOrEmpty()
  anonymousId?: ClientId | null;

  /** Any id of the account, if there is no `context.groupId`. */
  @IsOptional()
  @IsClientIdOrEmpty()
  groupId?: ClientId | null;

  /**
   * When it happened. Required unless `originalTimestamp` is sent.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** What RudderStack sends instead of `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Any other properties, up to 20 levels deep. */
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown> | null;

  /** Context of the call. Other fields in it are ignored. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** One user under two ids. */
export class AliasCall {
  /**
   * The earlier id.
   * @example 'u-anonymous-3'
   */
  @IsClientId()
  previousId: ClientId;

  /**
   * The id that replaces it.
   * @example 'u-17'
   */
  @IsClientId()
  userId: ClientId;

  /**
   * The client's id for the call; the same on a retry. Default: derived from the content.
   * @example 'node-next-1735689600000-7f3a'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  messageId?: ClientId | null;

  /**
   * When it happened. Required unless `originalTimestamp` is sent.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** What RudderStack sends instead of `timestamp`. */
  @IsOptional()
  @IsInstant()
  originalTimestamp?: string | null;

  /** Context of the call. Other fields in it are ignored. */
  @IsOptional()
  @IsShape(() => CallContext)
  context?: CallContext | null;
}

/** Several calls at once, each with its `type`: track, identify, group, page, screen or alias. Each is checked on its own. */
export class BatchCall {
  /** The calls, each with its `type`. */
  @IsArray()
  @ApiProperty({
    type: 'array',
    maxItems: 2_000,
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
