import { IsIn, IsOptional } from 'class-validator';
import {
  IsEmailAddress,
  IsInstant,
  IsKey,
  IsKeyList,
  IsText,
  IsTimeZoneName,
} from '../../platform/validation/rules.js';
import { IsConsents } from './kind-rules.js';
import { RequiredAtFirst } from './required-at-first.js';

export const CONTACT_ROLES = ['champion', 'sponsor', 'admin', 'user'] as const;

/** A person at a customer. */
export class ContactDto {
  /**
   * The sender's own id of the contact.
   * @example 'C-1'
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

  /**
   * The ids under which this person's events arrive.
   * @example ['u-17']
   */
  @IsOptional()
  @IsKeyList()
  userIds?: string[] | null;

  /**
   * Where messages go.
   * @example 'ada@acme.example'
   */
  @IsOptional()
  @IsEmailAddress()
  email?: string | null;

  /**
   * The person's name.
   * @example 'Ada Byron'
   */
  @IsOptional()
  @IsText(1000)
  name?: string | null;

  /**
   * What the person is to the relationship. Default: unknown.
   * @example 'champion'
   */
  @IsOptional()
  @IsIn(CONTACT_ROLES)
  role?: (typeof CONTACT_ROLES)[number] | null;

  /** Time zone by its IANA name, for quiet hours. Default: UTC. */
  @IsOptional()
  @IsTimeZoneName()
  timeZone?: string | null;

  /** Which channels the person agreed to. A channel that is not named has no consent. */
  @IsOptional()
  @IsConsents()
  consents?: Record<string, boolean> | null;

  /** From when on this state is true. Default: the arrival; the first state reaches back. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
