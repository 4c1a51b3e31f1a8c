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
   * Your id for the contact.
   * @example 'C-1'
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

  /**
   * User ids of this person in the product's events.
   * @example ['u-17']
   */
  @IsOptional()
  @IsKeyList()
  userIds?: string[] | null;

  /**
   * Email address.
   * @example 'ada@acme.example'
   */
  @IsOptional()
  @IsEmailAddress()
  email?: string | null;

  /**
   * Name.
   * @example 'Ada Byron'
   */
  @IsOptional()
  @IsText(1000)
  name?: string | null;

  /**
   * Role in the relationship. Default: unknown.
   * @example 'champion'
   */
  @IsOptional()
  @IsIn(CONTACT_ROLES)
  role?: (typeof CONTACT_ROLES)[number] | null;

  /** IANA time zone, used for quiet hours. Default: UTC. */
  @IsOptional()
  @IsTimeZoneName()
  timeZone?: string | null;

  /** Consent by channel. A channel that is not listed has no consent. */
  @IsOptional()
  @IsConsents()
  consents?: Record<string, boolean> | null;

  /** When this state takes effect. Default: the time of arrival; the first state also applies before that. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
