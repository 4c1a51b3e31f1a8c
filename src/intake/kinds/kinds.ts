import type { RecordKind, RecordKindName } from '../records/record-kind.js';
import { AccountDto } from './account.dto.js';
import { ActivityDto } from './activity.dto.js';
import { ContactDto } from './contact.dto.js';
import { GaugeDto } from './gauge.dto.js';
import { InvoiceDto } from './invoice.dto.js';
import { MilestoneDto } from './milestone.dto.js';
import { SubscriptionDto } from './subscription.dto.js';
import { SurveyDto } from './survey.dto.js';
import { DONE_STATUSES, TicketDto } from './ticket.dto.js';

/**
 * A renewal date is a plan that changes, so it is read as it stood; the other dates say what happened, so the newest
 * statement of them holds, and with it what they date.
 */
const kinds: readonly RecordKind[] = [
  {
    name: 'accounts',
    table: 'account_state',
    dto: AccountDto,
    start: ['createdAt'],
    newest: ['createdAt', 'internal'],
    maps: ['traits'],
    freeText: [],
  },
  {
    name: 'contacts',
    table: 'contact',
    dto: ContactDto,
    start: [],
    newest: [],
    maps: ['consents'],
    freeText: [],
  },
  { name: 'gauges', table: 'gauge', dto: GaugeDto, start: ['at'], newest: ['at'], maps: [], freeText: [] },
  {
    name: 'subscriptions',
    table: 'subscription',
    dto: SubscriptionDto,
    start: ['startedAt'],
    newest: ['startedAt', 'noticeGivenAt', 'endedAt', 'endReason', 'churnReason', 'endComment'],
    maps: ['limits', 'serviceTargets'],
    freeText: ['endComment'],
  },
  {
    name: 'tickets',
    table: 'ticket',
    dto: TicketDto,
    start: ['openedAt'],
    newest: ['openedAt', 'firstResponseAt', 'resolvedAt', 'reopenedAt', 'escalatedAt', 'csat', 'csatAt'],
    maps: [],
    freeText: ['subject'],
    impliedDate: { field: 'resolvedAt', by: 'status', values: DONE_STATUSES },
  },
  {
    name: 'invoices',
    table: 'invoice',
    dto: InvoiceDto,
    start: ['issuedAt'],
    newest: ['issuedAt', 'dueAt', 'paidAt', 'refunded', 'refundedAt'],
    maps: [],
    freeText: [],
  },
  {
    name: 'surveys',
    table: 'survey',
    dto: SurveyDto,
    start: ['sentAt', 'answeredAt'],
    newest: ['sentAt', 'answeredAt', 'score', 'comment'],
    maps: [],
    freeText: ['comment'],
  },
  {
    name: 'activities',
    table: 'activity',
    dto: ActivityDto,
    start: ['at'],
    newest: ['at'],
    maps: [],
    freeText: ['note'],
  },
  {
    name: 'milestones',
    table: 'milestone',
    dto: MilestoneDto,
    start: [],
    newest: ['dueAt', 'doneAt'],
    maps: [],
    freeText: [],
  },
];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

export function recordKinds(): readonly RecordKind[] {
  return kinds;
}

export function recordKind(name: RecordKindName): RecordKind {
  const kind = byName.get(name);
  if (kind === undefined) throw new RangeError(`no kind ${name}`);
  return kind;
}
