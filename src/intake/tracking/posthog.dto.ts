import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsObject, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsText } from '../../platform/validation/rules.js';
import { type ClientId, IsClientIdOrEmpty } from './client-id.js';

/** An event as PostHog's clients send it. Fields not named here are ignored. */
export class PosthogEvent {
  /** API key with the scope `ingest`, if the request has no `Authorization` header. */
  @IsOptional()
  @IsText(1_000)
  api_key?: string;

  /**
   * Name of the event. `$identify` and `$set` update a contact, `$groupidentify` an account, `$create_alias` joins two ids.
   * @example 'report created'
   */
  @IsKey()
  event: string;

  /**
   * The user.
   * @example 'u-17'
   */
  @IsOptional()
  @IsClientIdOrEmpty()
  distinct_id?: ClientId | null;

  /** Properties of the event. `$groups` names the account, `$set` what is known about the user. */
  @IsOptional()
  @IsObject()
  @ApiProperty({ type: 'object', additionalProperties: true, example: { $groups: { company: 'A-1' } } })
  properties?: Record<string, unknown> | null;

  /**
   * When it happened. Required, except for `$create_alias`.
   * @example '2025-01-01T08:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  timestamp?: string | null;

  /** The client's id of the event; the same on a retry. */
  @IsOptional()
  @IsClientIdOrEmpty()
  uuid?: ClientId | null;
}

export class PosthogBatch {
  /** API key with the scope `ingest`, if the request has no `Authorization` header. */
  @IsOptional()
  @IsText(1_000)
  api_key?: string;

  /** The events. */
  @IsArray()
  @ApiProperty({ type: 'array', maxItems: 2_000, items: { $ref: '#/components/schemas/PosthogEvent' } })
  batch: unknown[];
}

/** No feature flags: Steward has none. */
export class PosthogFlags {
  @ApiProperty({ type: 'object', additionalProperties: true })
  flags: object;

  @ApiProperty({ type: 'object', additionalProperties: true })
  featureFlags: object;

  @ApiProperty({ type: 'object', additionalProperties: true })
  featureFlagPayloads: object;

  errorsWhileComputingFlags: boolean;
}
