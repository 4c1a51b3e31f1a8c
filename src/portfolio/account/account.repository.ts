import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { joinAccountState, openSinceAt, runsAt, stateAt } from '../../accounts/states/as-of.sql.js';
import { internalUsers } from '../../intake/users/internal-users.js';
import { personOf } from '../../intake/users/person.sql.js';
import { prepared, queryPrepared } from '../../platform/database/prepared.js';
import { DomainError } from '../../platform/errors.js';
import { Settings } from '../../platform/settings.js';
import type { AccountDirectory, UsageDay } from './account.dto.js';

/** A record's state at the instant $2, ignoring later facts. */
const at = (record: string) => `${record}.account_id = $1 AND ${stateAt(record, '$2')}`;

/** Maximum number of contacts shown: an account may have very many. */
const MAX_CONTACTS = 200;

const PAGE = prepared(`
SELECT a.id, a.first_fact_at AS "existsFrom",
  (SELECT coalesce(array_agg(ref ORDER BY ref), '{}') FROM account_ref WHERE account_id = $1) AS ids,
  s.name, s.tier, s.stage, s.csm, s.parent_id AS "parentId", coalesce(s.domains, '{}') AS domains,
  coalesce(s.internal, false) AS internal, s.acquisition_channel AS "acquisitionChannel", s.referred_by AS "referredBy",
  s.created_at AS "createdAt", coalesce(s.traits, '{}') AS traits,
  (SELECT coalesce(array_agg(DISTINCT child.id ORDER BY child.id), '{}') FROM account_state c JOIN account child USING (account_id)
    WHERE ${stateAt('c', '$2')} AND child.merged_into IS NULL
      AND c.parent_id IS NOT NULL AND c.parent_id IN (SELECT ref FROM account_ref WHERE account_id = $1)) AS children,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'email', email, 'role', role,
     'userIds', coalesce(user_ids, '{}')) ORDER BY id), '[]')
   FROM (SELECT * FROM contact WHERE ${at('contact')} ORDER BY id LIMIT ${MAX_CONTACTS}) shown) AS contacts,
  (SELECT count(*)::int FROM contact WHERE ${at('contact')}) AS "contactsTotal",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'product', product, 'plan', plan, 'seats', seats, 'mrr', mrr,
     'currency', currency, 'trial', trial, 'startedAt', started_at, 'renewsAt', renews_at,
     'noticePeriodDays', notice_period_days, 'serviceTargets', service_targets,
     'noticeGivenAt', CASE WHEN notice_given_at < $2 THEN notice_given_at END) ORDER BY id), '[]')
   FROM subscription WHERE account_id = $1 AND ${runsAt('subscription', '$2')}) AS subscriptions,
  (SELECT count(*)::int FROM ticket WHERE ${at('ticket')} AND opened_at < $2 AND ${openSinceAt('ticket', '$2')} IS NOT NULL) AS "openTickets"
FROM account a ${joinAccountState('a', '$2')}
WHERE a.account_id = $1`);

/** Of the range. */
const END = `($3::date + 1)::timestamp AT TIME ZONE 'UTC'`;

/** Active users are people: aliases and the user ids of a contact, as of the end of the range, count once a day. */
const USAGE = `
WITH range AS (SELECT generate_series($2::date, $3::date, interval '1 day')::date AS day),
counted AS (
  SELECT day, sum(events)::bigint AS events, jsonb_object_agg(event, events) AS by_event
  FROM usage_day WHERE account_id = $1 AND day BETWEEN $2 AND $3 GROUP BY day
), used AS MATERIALIZED (
  SELECT month, days, person FROM (
    SELECT month, days, ${personOf('m.user_id')} AS person FROM user_month m
    WHERE account_id = $1 AND month BETWEEN date_trunc('month', $2::date)::date AND $3 OFFSET 0
  ) AS known
  WHERE person NOT IN (${internalUsers('$4')}) AND split_part(lower(person), '@', 2) <> ALL($4)
), groups AS (
  SELECT jsonb_agg(DISTINCT person) AS people FROM (
    SELECT c.id AS contact, ${personOf('ids.id')} AS person FROM contact c, unnest(c.user_ids || c.id) AS ids(id)
    WHERE c.account_id = $1 AND ${stateAt('c', END)} OFFSET 0
  ) AS contact_person WHERE person IN (SELECT person FROM used) GROUP BY contact HAVING count(DISTINCT person) > 1
), joined AS MATERIALIZED (
  SELECT id, person FROM joined_people((SELECT jsonb_agg(people) FROM groups))
), active AS (
  SELECT r.day, count(DISTINCT coalesce(joined.person, used.person))::int AS users FROM range r
  JOIN used ON used.month = date_trunc('month', r.day)::date AND used.days & (1 << (extract(day FROM r.day)::int - 1)) <> 0
  LEFT JOIN joined ON joined.id = used.person
  GROUP BY r.day
)
SELECT r.day::text AS day, coalesce(c.events, 0) AS events, coalesce(a.users, 0) AS "activeUsers", coalesce(c.by_event, '{}') AS "byEvent"
FROM range r LEFT JOIN counted c USING (day) LEFT JOIN active a USING (day) ORDER BY r.day`;

@Injectable()
export class AccountRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
  ) {}

  async directory(accountId: number, until: Date): Promise<AccountDirectory> {
    const [row] = await queryPrepared<AccountDirectory>(this.dataSource, PAGE, [accountId, until]);
    // Deleted since it was looked up.
    if (!row) throw new DomainError('not_found', 404, 'No account has this id', { pointer: '/id' });
    return row;
  }

  async usage(accountId: number, from: string, to: string): Promise<UsageDay[]> {
    return this.dataSource.query(USAGE, [accountId, from, to, this.settings.internalDomains]);
  }
}
