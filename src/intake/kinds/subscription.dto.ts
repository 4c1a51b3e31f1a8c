import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import {
  IsCurrencyCode,
  IsInstant,
  IsKey,
  IsMinorUnits,
  IsText,
  IsWhole,
} from '../../platform/validation/rules.js';
import { IsLimits, IsServiceTargets, type ServiceTarget } from './kind-rules.js';
import { RequiredAtFirst } from './required-at-first.js';

export const BILLING_MODELS = ['seats', 'usage', 'flat'] as const;
export const END_REASONS = ['voluntary', 'failed_payment', 'unavoidable'] as const;
export const CHURN_REASONS = [
  'price',
  'product',
  'competitor',
  'champion_left',
  'no_value',
  'support',
  'out_of_business',
  'other',
] as const;

/** A subscription and how its terms changed. It runs from `startedAt` until just before `endedAt`. */
export class SubscriptionDto {
  /**
   * Your id for the subscription.
   * @example 'S-1'
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

  /** Product. MRR and seats add up per product. Default: your only product. */
  @IsOptional()
  @IsText(255)
  product?: string | null;

  /**
   * Name of the plan.
   * @example 'Pro'
   */
  @IsOptional()
  @IsText(255)
  plan?: string | null;

  /** What the price is based on. Default: unknown. */
  @IsOptional()
  @IsIn(BILLING_MODELS)
  billing?: (typeof BILLING_MODELS)[number] | null;

  /**
   * Seats paid for. Default: unknown.
   * @example 50
   */
  @IsOptional()
  @IsWhole(0, 1_000_000_000)
  seats?: number | null;

  /**
   * Monthly recurring revenue in minor units (cents) of `currency`. Send 0 for a free period of a customer who has paid, such as a pause or a full
   * discount, and leave `endedAt` out: it is neither churn nor a trial. Default: 0.
   * @example 278600
   */
  @IsOptional()
  @IsMinorUnits()
  mrr?: number | null;

  /** ISO 4217 code of the MRR. Default: the reporting currency. */
  @IsOptional()
  @IsCurrencyCode()
  currency?: string | null;

  /**
   * When it started. Required in the first state.
   * @example '2025-01-01T00:00:00Z'
   */
  @RequiredAtFirst()
  @IsInstant()
  startedAt?: string;

  /**
   * When the current term ends and the next one begins, as a UTC day. Default: unknown.
   * @example '2026-01-01T00:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  renewsAt?: string | null;

  /** Term length in months. Default: unknown. */
  @IsOptional()
  @IsWhole(1, 1200)
  termMonths?: number | null;

  /** Whether it renews automatically. Default: unknown. */
  @IsOptional()
  @IsBoolean()
  autoRenew?: boolean | null;

  /**
   * Whether it is a trial of a customer who has never paid; trials have no MRR and never churn. For a trial period of a
   * customer who paid before (Stripe's `trialing` after `active`) and for a paused subscription (Stripe's `pause_collection`
   * or `paused`) send `trial` false and `mrr` 0. Sent as true, it still counts as a free period when the same subscription
   * was paid before, or it began within `GRACE_DAYS` after the end of one that was. Default: false.
   */
  @IsOptional()
  @IsBoolean()
  trial?: boolean | null;

  /** Limits of the plan, each with the gauge that measures its use. */
  @IsOptional()
  @IsLimits()
  limits?: Record<string, { allowed: number; gauge: string }> | null;

  /**
   * How many days before `renewsAt` the customer must give notice. Together they give the notice deadline. Default: unknown.
   * @example 30
   */
  @IsOptional()
  @IsWhole(0, 3650)
  noticePeriodDays?: number | null;

  /** When the customer gave notice. Default: not given. */
  @IsOptional()
  @IsInstant()
  noticeGivenAt?: string | null;

  /**
   * When it ends: the first moment it no longer runs. If that lies ahead, it runs until then; send `noticeGivenAt` as well to mark the account
   * as leaving now. Default: it keeps running.
   */
  @IsOptional()
  @IsInstant()
  endedAt?: string | null;

  /** Why it ended. Default: unknown. */
  @IsOptional()
  @IsIn(END_REASONS)
  endReason?: (typeof END_REASONS)[number] | null;

  /** The customer's main reason for canceling. Default: unknown. */
  @IsOptional()
  @IsIn(CHURN_REASONS)
  churnReason?: (typeof CHURN_REASONS)[number] | null;

  /** What the customer said when canceling. */
  @IsOptional()
  @IsText(10_000)
  endComment?: string | null;

  /**
   * What the contract promises for tickets of each priority, in hours around the clock: the time to the first response, the
   * time to resolution, or both. Default: no promise.
   */
  @IsOptional()
  @IsServiceTargets()
  serviceTargets?: Record<string, ServiceTarget> | null;

  /** When this state takes effect. Default: `startedAt` for the first state, the time of arrival for later ones. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
