import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsText } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

export const ACTIVITY_KINDS = ['meeting', 'call', 'email', 'training', 'community'] as const;

/** Contact between us and the customer. */
export class ActivityDto {
  /**
   * The sender's own id of the activity.
   * @example 'K-1'
   */
  @IsKey()
  id: string;

  /**
   * The account, by any of its ids. Required in the first state.
   * @example 'A-1'
   */
  @RequiredAtFirst()
  @IsKey()
  accountId?: string;

  /** The contact who took part; it need not be known yet. Default: unknown. */
  @IsOptional()
  @IsKey()
  contactId?: string | null;

  /**
   * What it was. Required in the first state.
   * @example 'call'
   */
  @RequiredAtFirst()
  @IsIn(ACTIVITY_KINDS)
  kind?: (typeof ACTIVITY_KINDS)[number];

  /**
   * When it was. Required in the first state.
   * @example '2025-01-01T08:00:00Z'
   */
  @RequiredAtFirst()
  @IsInstant()
  at?: string;

  /** Who of us took part, by name or address. */
  @IsOptional()
  @IsText(255)
  by?: string | null;

  /**
   * Whether the customer took part or answered. Default: false.
   * @example true
   */
  @IsOptional()
  @IsBoolean()
  twoWay?: boolean | null;

  /** What it was about. */
  @IsOptional()
  @IsText(10_000)
  note?: string | null;

  /** From when on this state is true. Default: `at` for the first state, else the arrival. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
