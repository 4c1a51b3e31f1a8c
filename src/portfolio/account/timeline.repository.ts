import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TimelineItem } from './account.dto.js';

interface Happening {
  readonly kind: string;
  readonly what: string;
  readonly table: string;
  readonly at: string;
  /** jsonb_build_object's arguments. */
  readonly detail?: string;
  readonly where?: string;
}

/** The latest statement of each record, which has the dates in effect. */
const LATEST = `valid_to = 'infinity'`;
const SUBSCRIPTION = `'product', product, 'plan', plan, 'seats', seats, 'mrr', mrr, 'currency', currency`;

const happenings: readonly Happening[] = [
  { kind: 'accounts', what: 'created', table: 'account_state', at: 'created_at' },
  {
    kind: 'subscriptions',
    what: 'started',
    table: 'subscription',
    at: 'started_at',
    detail: `${SUBSCRIPTION}, 'trial', trial`,
    where: `valid_from = '-infinity'`,
  },
  {
    kind: 'subscriptions',
    what: 'changed',
    table: 'subscription',
    at: 'valid_from',
    detail: SUBSCRIPTION,
    where: `valid_from > '-infinity'`,
  },
  { kind: 'subscriptions', what: 'notice_given', table: 'subscription', at: 'notice_given_at' },
  {
    kind: 'subscriptions',
    what: 'ended',
    table: 'subscription',
    at: 'ended_at',
    detail: `'reason', end_reason, 'churnReason', churn_reason, 'comment', end_comment`,
  },
  {
    kind: 'tickets',
    what: 'opened',
    table: 'ticket',
    at: 'opened_at',
    detail: `'subject', subject, 'channel', channel, 'priority', priority`,
  },
  { kind: 'tickets', what: 'first_response', table: 'ticket', at: 'first_response_at' },
  { kind: 'tickets', what: 'escalated', table: 'ticket', at: 'escalated_at' },
  { kind: 'tickets', what: 'resolved', table: 'ticket', at: 'resolved_at' },
  {
    kind: 'tickets',
    what: 'rated',
    table: 'ticket',
    at: 'coalesce(csat_at, resolved_at)',
    detail: `'csat', csat`,
    where: `csat IS NOT NULL`,
  },
  {
    kind: 'invoices',
    what: 'issued',
    table: 'invoice',
    at: 'issued_at',
    detail: `'amount', amount, 'currency', currency, 'dueAt', due_at`,
  },
  {
    kind: 'invoices',
    what: 'paid',
    table: 'invoice',
    at: 'paid_at',
    detail: `'amount', amount, 'currency', currency`,
  },
  {
    kind: 'invoices',
    what: 'refunded',
    table: 'invoice',
    at: 'refunded_at',
    detail: `'amount', refunded, 'currency', currency`,
  },
  { kind: 'surveys', what: 'sent', table: 'survey', at: 'sent_at', detail: `'kind', kind` },
  {
    kind: 'surveys',
    what: 'answered',
    table: 'survey',
    at: 'answered_at',
    detail: `'kind', kind, 'score', score, 'comment', comment`,
  },
  {
    kind: 'activities',
    what: 'happened',
    table: 'activity',
    at: 'at',
    detail: `'kind', kind, 'by', by, 'twoWay', two_way, 'note', note`,
  },
  {
    kind: 'milestones',
    what: 'done',
    table: 'milestone',
    at: 'done_at',
    detail: `'name', name, 'plan', plan`,
  },
];

const PARTS = [
  ...happenings.map(
    ({ kind, what, table, at, detail = '', where }) =>
      `SELECT ${at} AS at, '${kind}' AS kind, '${what}' AS what, id, jsonb_strip_nulls(jsonb_build_object(${detail})) AS detail
       FROM ${table} WHERE account_id = $1 AND ${where?.includes('valid_from') ? where : [LATEST, where].filter(Boolean).join(' AND ')}`,
  ),
  `SELECT r AS at, 'tickets', 'reopened', id, '{}'::jsonb FROM ticket, unnest(reopened_at) r WHERE account_id = $1 AND ${LATEST}`,
  `SELECT day::timestamp AT TIME ZONE 'UTC', 'events', 'used', day::text, jsonb_build_object('events', sum(events))
   FROM usage_day WHERE account_id = $1 GROUP BY day`,
];

const TIMELINE = `
SELECT at, kind, what, id, detail FROM (${PARTS.join('\nUNION ALL\n')}) AS t(at, kind, what, id, detail)
WHERE at >= $2 AND at < $3
  AND ($4::timestamptz IS NULL OR (at, kind, what, id) < ($4, $5::text COLLATE "C", $6::text COLLATE "C", $7::text COLLATE "C"))
ORDER BY at DESC, kind COLLATE "C" DESC, what COLLATE "C" DESC, id COLLATE "C" DESC LIMIT $8`;

export type TimelinePosition = readonly [at: string, kind: string, what: string, id: string];

@Injectable()
export class TimelineRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Entries in [from, until), newest first. */
  async list(
    accountId: number,
    from: Date | null,
    until: Date,
    after: TimelinePosition | null,
    limit: number,
  ): Promise<TimelineItem[]> {
    return this.dataSource.query(TIMELINE, [
      accountId,
      from ?? '-infinity',
      until,
      ...(after ?? [null, null, null, null]),
      limit,
    ]);
  }
}
