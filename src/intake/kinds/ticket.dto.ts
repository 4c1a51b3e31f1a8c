import { IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsInstantList, IsKey, IsMeasure, IsText } from '../../platform/validation/rules.js';
import { RequiredAtFirst } from './required-at-first.js';
import { TICKET_PRIORITIES } from './ticket-priorities.js';

export const TICKET_CHANNELS = ['email', 'chat', 'phone', 'portal', 'web_form', 'other'] as const;
export const TICKET_STATUSES = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'] as const;
/** Statuses in which a ticket no longer needs work. */
export const DONE_STATUSES = [
  'solved',
  'closed',
] as const satisfies readonly (typeof TICKET_STATUSES)[number][];

/** A support ticket. The order of its dates is not checked. */
export class TicketDto {
  /**
   * Your id for the ticket.
   * @example 'T-1'
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

  /** Contact who opened it; may arrive later. Default: unknown. */
  @IsOptional()
  @IsKey()
  contactId?: string | null;

  /**
   * The subject line. It is cleared when the contact is erased.
   * @example 'Export fails with a timeout'
   */
  @IsOptional()
  @IsText(1000)
  subject?: string | null;

  /**
   * The status as the help desk states it. The dates decide whether a ticket is open: with a `resolvedAt` the status changes nothing. Without one,
   * `solved` or `closed` counts as resolved from that state's `effectiveAt` on, until another status is stated; in the first state of a ticket the time of
   * resolution is then unknown and left out of resolution times. Default: unknown.
   * @example 'open'
   */
  @IsOptional()
  @IsIn(TICKET_STATUSES)
  status?: (typeof TICKET_STATUSES)[number] | null;

  /**
   * Channel it came in through. Default: unknown.
   * @example 'email'
   */
  @IsOptional()
  @IsIn(TICKET_CHANNELS)
  channel?: (typeof TICKET_CHANNELS)[number] | null;

  /**
   * Priority. Default: unknown.
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

  /** When a person first responded. Default: not yet. */
  @IsOptional()
  @IsInstant()
  firstResponseAt?: string | null;

  /** When it was resolved. Default: not yet, or as `status` says. */
  @IsOptional()
  @IsInstant()
  resolvedAt?: string | null;

  /** Each time it was reopened, up to 1,000. Default: never. */
  @IsOptional()
  @IsInstantList()
  reopenedAt?: string[] | null;

  /** When it was escalated. Default: never. */
  @IsOptional()
  @IsInstant()
  escalatedAt?: string | null;

  /** Customer satisfaction from 1 (low) to 5. Default: no answer. */
  @IsOptional()
  @IsMeasure(1, 5)
  csat?: number | null;

  /** When `csat` was given. Default: `resolvedAt`. */
  @IsOptional()
  @IsInstant()
  csatAt?: string | null;

  /** When this state takes effect. Default: `openedAt` for the first state, the time of arrival for later ones. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string | null;
}
