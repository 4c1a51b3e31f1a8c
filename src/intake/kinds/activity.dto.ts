import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsText } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

export const ACTIVITY_KINDS = ['meeting', 'call', 'email', 'training', 'community'] as const;

/** An interaction with the customer, such as a call or a meeting. */
export class ActivityDto {
  /**
   * Your id for the activity.
   * @example 'K-1'
   */
  @IsKey()
  id: string;

  /**
   * Any id of the account. Required in the first state.
   * @example 'A-1'
   */
  @RequiredAtFirst()
  @IsKey()
  accountId?: string;

  /** Contact who took part; may arrive later. Default: unknown. */
  @IsOptional()
  @IsKey()
  contactId?: string | null;

  /**
   * Type of activity. Required in the first state.
   * @example 'call'
   */
  @RequiredAtFirst()
  @IsIn(ACTIVITY_KINDS)
  kind?: (typeof ACTIVITY_KINDS)[number];

  /**
   * When it took place. Required in the first state.
   * @example '2025-01-01T08:00:00Z'
   */
  @RequiredAtFirst()
  @IsInstant()
  at?: string;

  /** Your colleague who took part, by name or email address. */
  @IsOptional()
  @IsText(255)
  by?: string | null;

  /**
   * Whether the customer took part or replied. Default: false.
   * @example true
   */
  @IsOptional()
  @IsBoolean()
  twoWay?: boolean | null;

  /** Notes. */
  @IsOptional()
  @IsText(10_000)
  note?: string | null;

  /** When this state takes effect. Default: `at` for the first state, the time of arrival for later ones. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
