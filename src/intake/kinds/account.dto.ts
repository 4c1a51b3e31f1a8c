import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsKeyList, IsText } from '../../platform/validation/rules.js';
import { IsTraits } from './kind-rules.js';

export const ACCOUNT_STAGES = ['onboarding', 'adopting', 'established'] as const;

/** A customer: a company that uses the product and pays for it. */
export class AccountDto {
  /**
   * Your id for the account.
   * @example 'A-1'
   */
  @IsKey()
  id: string;

  /**
   * Ids of the account in other systems. Each works wherever an account is named.
   * @example ['salesforce:0015e000','stripe:cus_1']
   */
  @IsOptional()
  @IsKeyList()
  externalIds?: string[] | null;

  /**
   * Display name.
   * @example 'Acme Ltd'
   */
  @IsOptional()
  @IsText(1000)
  name?: string | null;

  /**
   * Customer size, usually a tier from `TIER_LIMITS`; any other text is its own tier. Default: derived from MRR and seats.
   * @example 'enterprise'
   */
  @IsOptional()
  @IsKey()
  tier?: string | null;

  /** Lifecycle stage. Default: derived from milestones and tenure. */
  @IsOptional()
  @IsIn(ACCOUNT_STAGES)
  stage?: (typeof ACCOUNT_STAGES)[number] | null;

  /**
   * Customer-success manager of the account, by name or email address. Default: nobody.
   * @example 'kim@example.com'
   */
  @IsOptional()
  @IsText(255)
  csm?: string | null;

  /** Any id of the parent account; may arrive later. Default: none. */
  @IsOptional()
  @IsKey()
  parentId?: string | null;

  /**
   * Internet domains of the customer.
   * @example ['acme.example']
   */
  @IsOptional()
  @IsKeyList()
  domains?: string[] | null;

  /** Your own staff or a test account. Left out of all figures, past ones included. Default: false. */
  @IsOptional()
  @IsBoolean()
  internal?: boolean | null;

  /**
   * Acquisition channel.
   * @example 'partner'
   */
  @IsOptional()
  @IsText(255)
  acquisitionChannel?: string | null;

  /** Any id of the account that referred this one. Default: none. */
  @IsOptional()
  @IsKey()
  referredBy?: string | null;

  /** When the customer signed up. Default: the time of its first fact. */
  @IsOptional()
  @IsInstant()
  createdAt?: string | null;

  /** Anything else you know about the account: up to 200 strings, numbers and booleans. */
  @IsOptional()
  @IsTraits()
  traits?: Record<string, string | number | boolean | null> | null;

  /** When this state takes effect. Default: `createdAt` for the first state, the time of arrival for later ones. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
