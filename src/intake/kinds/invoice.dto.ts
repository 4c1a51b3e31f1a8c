import { IsOptional } from 'class-validator';
import {
  IsCurrencyCode,
  IsInstant,
  IsKey,
  IsMinorUnits,
  MAX_MINOR_UNITS,
} from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

/** An invoice and its payment. */
export class InvoiceDto {
  /**
   * Your id for the invoice.
   * @example 'I-1'
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

  /** The subscription billed; may arrive later. Default: none. */
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
   * Due date, as a UTC day or a time on it: an invoice due on the 28th is overdue from the 29th. Default: never overdue.
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
   * Amount in minor units (cents) of `currency`. Default: unknown.
   * @example 278600
   */
  @IsOptional()
  @IsMinorUnits()
  amount?: number | null;

  /** Amount refunded, in minor units (cents) of `currency`; negative for a correction. Default: 0. */
  @IsOptional()
  @IsMinorUnits(-MAX_MINOR_UNITS)
  refunded?: number | null;

  /** When it was refunded. Default: never. */
  @IsOptional()
  @IsInstant()
  refundedAt?: string | null;

  /** ISO 4217 code of the amounts. Default: the reporting currency. */
  @IsOptional()
  @IsCurrencyCode()
  currency?: string | null;

  /** When this state takes effect. Default: `issuedAt` for the first state, the time of arrival for later ones. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
