import { IsObject, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsMeasure, IsText } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

/** Something that a user, or the account as a whole, did. */
export class EventDto {
  /**
   * The sender's own id of the event: the same id, account and time again is a duplicate. Default: derived from the content.
   * @example 'm-7f3a'
   */
  @IsOptional()
  @IsKey()
  messageId?: string | null;

  /**
   * The account, by any of its ids. Required.
   * @example 'A-1'
   */
  @RequiredAtFirst()
  @IsKey()
  accountId?: string;

  /**
   * Who did it. Default: nobody; such an event counts no active user.
   * @example 'u-17'
   */
  @IsOptional()
  @IsKey()
  userId?: string | null;

  /**
   * What was done. Required.
   * @example 'Report Created'
   */
  @RequiredAtFirst()
  @IsKey()
  event?: string;

  /**
   * When it was done. Required.
   * @example '2025-01-01T08:00:00Z'
   */
  @RequiredAtFirst()
  @IsInstant()
  timestamp?: string;

  /** A quantity that is summed up per day, in a unit of the sender's. Default: none. */
  @IsOptional()
  @IsMeasure(-1e15, 1e15)
  value?: number | null;

  /** The product it was done in. Default: none. */
  @IsOptional()
  @IsText(255)
  product?: string | null;

  /**
   * Anything else, up to 20 levels deep.
   * @example { "format": "pdf" }
   */
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown> | null;
}
