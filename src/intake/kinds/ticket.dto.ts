import { IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsInstantList, IsKey, IsMeasure } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';

export const TICKET_CHANNELS = ['email', 'chat', 'phone', 'portal', 'web_form', 'other'] as const;
export const TICKET_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;

/** A request for help. The order of its dates is not checked. */
export class TicketDto {
  /**
   * The sender's own id of the ticket.
   * @example 'T-1'
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

  /** The contact who asked; it need not be known yet. Default: unknown. */
  @IsOptional()
  @IsKey()
  contactId?: string | null;

  /**
   * How the request came. Default: unknown.
   * @example 'email'
   */
  @IsOptional()
  @IsIn(TICKET_CHANNELS)
  channel?: (typeof TICKET_CHANNELS)[number] | null;

  /**
   * How pressing it is. Default: unknown.
   * @example 'high'
   */
  @IsOptional()
  @IsIn(TICKET_PRIORITIES)
  priority?: (typeof TICKET_PRIORITIES)[number] | null;

  /**
   * When it was opened. Required in the first state.
   * @example '2025-01-01T08:00:00Z'
   */
  @RequiredAtFirst()
  @IsInstant()
  openedAt?: string;

  /** When a person first answered. Default: not yet. */
  @IsOptional()
  @IsInstant()
  firstResponseAt?: string | null;

  /** When it was resolved. Default: not yet. */
  @IsOptional()
  @IsInstant()
  resolvedAt?: string | null;

  /** Each time it was opened again, up to 1,000. Default: never. */
  @IsOptional()
  @IsInstantList()
  reopenedAt?: string[] | null;

  /** When it was handed up. Default: never. */
  @IsOptional()
  @IsInstant()
  escalatedAt?: string | null;

  /** How satisfied the customer was, 1 (not at all) to 5. Default: no answer. */
  @IsOptional()
  @IsMeasure(1, 5)
  csat?: number | null;

  /** When the satisfaction was given. Default: `resolvedAt`. */
  @IsOptional()
  @IsInstant()
  csatAt?: string | null;

  /** From when on this state is true. Default: `openedAt` for the first state, else the arrival. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
