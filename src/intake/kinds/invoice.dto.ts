import { IsOptional } from 'class-validator';
import {
  IsCurrencyCode,
  IsInstant,
  IsKey,
  IsMinorUnits,
  MAX_MINOR_UNITS,
} from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

/** A bill and whether it was paid. */
export class InvoiceDto {
  /**
   * The sender's own id of the invoice.
   * @example 'I-1'
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

  /** The subscription billed; it need not be known yet. Default: none. */
  @IsOptional()
  @IsKey()
  subscriptionId?: string | null;

  /**
   * When it was issued. Required in the first state.
   * @example '2025-01-01T00:00:00Z'
   */
  @RequiredAtFirst()
  @IsInstant()
  issuedAt?: string;

  /**
   * The UTC day by whose end it has to be paid, or an instant in it: due on the 28th, it is overdue from the 29th. Default: never overdue.
   * @example '2025-01-31T00:00:00Z'
   */
  @IsOptional()
  @IsInstant()
  dueAt?: string | null;

  /** When it was paid in full. Default: not yet. */
  @IsOptional()
  @IsInstant()
  paidAt?: string | null;

  /**
   * The amount in minor units (cents) of `currency`. Default: unknown.
   * @example 278600
   */
  @IsOptional()
  @IsMinorUnits()
  amount?: number | null;

  /** What was paid back, in minor units (cents) of `currency`; negative for a correction. Default: 0. */
  @IsOptional()
  @IsMinorUnits(-MAX_MINOR_UNITS)
  refunded?: number | null;

  /** When it was paid back. Default: never. */
  @IsOptional()
  @IsInstant()
  refundedAt?: string | null;

  /** ISO 4217 code of the amounts. Default: the reporting currency. */
  @IsOptional()
  @IsCurrencyCode()
  currency?: string | null;

  /** From when on this state is true. Default: `issuedAt` for the first state, else the arrival. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
