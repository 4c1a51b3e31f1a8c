import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsKey, IsKeyList, IsText } from '../../platform/validation/rules.js';
import { IsTraits } from './kind-rules.js';

export const ACCOUNT_STAGES = ['onboarding', 'adopting', 'established'] as const;

/** A customer: a company that uses and pays. */
export class AccountDto {
  /**
   * The sender's own id of the account.
   * @example 'A-1'
   */
  @IsKey()
  id: string;

  /**
   * Ids of the account in other systems; any of them may stand wherever an account is named.
   * @example ['salesforce:0015e000','stripe:cus_1']
   */
  @IsOptional()
  @IsKeyList()
  externalIds?: string[] | null;

  /**
   * The name people know the account by.
   * @example 'Acme Ltd'
   */
  @IsOptional()
  @IsText(1000)
  name?: string | null;

  /**
   * How large a customer it is, best one of the tiers in the settings (another is a tier of its own). Default: derived from MRR and seats.
   * @example 'enterprise'
   */
  @IsOptional()
  @IsKey()
  tier?: string | null;

  /** How far along the customer is. Default: derived from milestones and tenure. */
  @IsOptional()
  @IsIn(ACCOUNT_STAGES)
  stage?: (typeof ACCOUNT_STAGES)[number] | null;

  /**
   * The customer-success manager who looks after the account, by name or address. Default: nobody.
   * @example 'kim@example.com'
   */
  @IsOptional()
  @IsText(255)
  csm?: string | null;

  /** The account that this one belongs to, by any of its ids; it need not be known yet. Default: none. */
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

  /** Own staff or a test: left out of every figure, also in retrospect. Default: false. */
  @IsOptional()
  @IsBoolean()
  internal?: boolean | null;

  /**
   * How the customer was won.
   * @example 'partner'
   */
  @IsOptional()
  @IsText(255)
  acquisitionChannel?: string | null;

  /** The account that recommended us, by any of its ids. Default: none. */
  @IsOptional()
  @IsKey()
  referredBy?: string | null;

  /** When the customer came to be. Default: its first fact. */
  @IsOptional()
  @IsInstant()
  createdAt?: string | null;

  /** Whatever else is known of the account: up to 200 texts, numbers and booleans. */
  @IsOptional()
  @IsTraits()
  traits?: Record<string, string | number | boolean | null> | null;

  /** From when on this state is true. Default: `createdAt` for the first state, else the arrival. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
