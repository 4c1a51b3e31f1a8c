import { IsObject, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsMeasure, IsText } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

/** Something a user, or the account as a whole, did in the product. */
export class EventDto {
  /**
   * Your id for the event. An event with the same id, account and time is a duplicate. Default: derived from the content.
   * @example 'm-7f3a'
   */
  @IsOptional()
  @IsKey()
  messageId?: string | null;

  /**
   * Any id of the account. Required.
   * @example 'A-1'
   */
  @RequiredAtFirst()
  @IsKey()
  accountId?: string;

  /**
   * User id. Default: none; the event then counts no active user.
   * @example 'u-17'
   */
  @IsOptional()
  @IsKey()
  userId?: string | null;

  /**
   * Name of the event. Required.
   * @example 'Report Created'
   */
  @RequiredAtFirst()
  @IsKey()
  event?: string;

  /**
   * When it happened. Required.
   * @example '2025-01-01T08:00:00Z'
   */
  @RequiredAtFirst()
  @IsInstant()
  timestamp?: string;

  /** A quantity, summed per day, in a unit of your choice. Default: none. */
  @IsOptional()
  @IsMeasure(-1e15, 1e15)
  value?: number | null;

  /** Product it happened in. Default: none. */
  @IsOptional()
  @IsText(255)
  product?: string | null;

  /**
   * Any other properties, up to 20 levels deep.
   * @example { "format": "pdf" }
   */
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown> | null;
}
