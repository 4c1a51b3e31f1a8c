import {
  isFreePeriod,
  priceOf,
  runsAt,
  sinceOf,
  startOf,
  stateAt,
  untilOf,
  utcDay,
} from '../../../accounts/states/as-of.sql.js';

const RUNS = runsAt('s', '$2');

/** Computed only for accounts with several products. */
const SEATS_BY_PRODUCT = `SELECT max(seats) FROM (
  SELECT sum(s.seats) AS seats FROM subscription s WHERE s.account_id = target.account_id AND ${RUNS} GROUP BY s.product) AS products`;

const TOUCHES_180 = `s.valid_to >= source.since180 AND (s.ended_at IS NULL OR s.ended_at >= source.since180)`;

/**
 * Reads all states of an account's subscriptions once. `kept`: paid, or a free period of a customer who has paid. `over`: the state in which the
 * subscription ended. Both moments use the exchange rates of the day: a change of rates is no change of the customer.
 */
export const MONEY = `
CROSS JOIN LATERAL (
  SELECT
    round(coalesce(sum(price * factor) FILTER (WHERE runs), 0)) AS mrr,
    round(coalesce(sum(price * factor) FILTER (WHERE ran), 0)) AS mrr_before,
    CASE WHEN min(product) FILTER (WHERE runs) = max(product) FILTER (WHERE runs) THEN sum(seats) FILTER (WHERE runs)
      ELSE (${SEATS_BY_PRODUCT}) END AS seats,
    bool_or(kept) FILTER (WHERE runs) AS kept,
    bool_and(coalesce(notice_given_at < $2, false)) FILTER (WHERE runs AND kept) AS noticed,
    bool_or(NOT trial) FILTER (WHERE runs) AS free,
    max(started_at) FILTER (WHERE runs AND trial) AS trial_since,
    min(renews_at) FILTER (WHERE runs AND kept AND renews_at >= ${startOf('$1')}) AS renews_at,
    min(notice_by) FILTER (WHERE runs AND kept AND auto_renew AND notice_by >= $1::date AND (notice_given_at < $2) IS NOT TRUE) AS notice_by,
    bool_and(auto_renew) FILTER (WHERE runs AND kept) AS auto_renew,
    bool_and(auto_renew) FILTER (WHERE ran30 AND kept) AS auto_renew30,
    bool_or(limits IS NOT NULL) FILTER (WHERE runs) AS limited,
    min(currency) FILTER (WHERE (runs OR ran) AND price > 0 AND factor IS NULL) AS without_rate,
    (json_agg(product) FILTER (WHERE runs AND NOT trial))::text AS products,
    max(ended_at) FILTER (WHERE over AND kept) AS kept_until,
    bool_or(trial) FILTER (WHERE over) AS tried,
    min(since) FILTER (WHERE price > 0 AND since < least(until, $2)) AS paid_from
  FROM (
    SELECT *, CASE WHEN price > 0 THEN true WHEN runs OR over OR ran30 THEN ${isFreePeriod('stated', '$2', '$7')} END AS kept
    FROM (
      SELECT s.account_id, s.id, s.valid_from, coalesce(s.product, '') AS product, s.seats, s.started_at, s.ended_at, s.notice_given_at,
        s.renews_at, ${utcDay('s.renews_at')} - s.notice_period_days AS notice_by, s.auto_renew, s.limits, s.currency, coalesce(s.trial, false) AS trial, ${priceOf('s')} AS price,
        CASE WHEN s.currency IS NULL OR s.currency = $4 THEN 1
          WHEN ${TOUCHES_180} THEN (SELECT factor FROM factor WHERE factor.currency = s.currency) END AS factor,
        ${RUNS} AS runs, ${runsAt('s', 'source.since180')} AS ran, ${runsAt('s', 'source.since30')} AS ran30,
        s.ended_at < $2 AND s.started_at < s.ended_at AND s.valid_from < s.ended_at AND s.valid_to >= s.ended_at AS over,
        ${sinceOf('s')} AS since, ${untilOf('s')} AS until
      FROM subscription s WHERE s.account_id = target.account_id AND s.started_at < $2 AND s.valid_from < $2
      OFFSET 0
    ) AS stated
  ) AS states
) AS money
CROSS JOIN LATERAL (
  SELECT count(*)::int AS overdue, min(due_at) AS overdue_since FROM invoice i
  WHERE i.account_id = target.account_id AND ${stateAt('i', '$2')}
    AND i.issued_at < $2 AND i.due_at < ${startOf('$1')} AND (i.paid_at IS NULL OR i.paid_at >= $2)
    AND (i.amount IS NULL OR i.amount > 0 AND NOT coalesce(i.refunded >= i.amount AND i.refunded_at < $2, false))
) AS bills`;

export const RENEWS_AT = `${utcDay('renews_at')}::text`;

export const MONEY_VALUES = `
  CASE WHEN source.subscriptions AND without_rate IS NULL THEN money.mrr END AS mrr,
  CASE WHEN mrr_before > 0 AND without_rate IS NULL THEN (100 * money.mrr / mrr_before - 100)::float8 END AS "mrrChange180",
  ${utcDay('renews_at')} - $1::date AS "daysToRenewal",
  notice_by - $1::date AS "daysToNotice",
  auto_renew::int AS "autoRenew",
  auto_renew30::int AS "autoRenew30",
  CASE WHEN source.subscriptions THEN coalesce(noticed, false)::int END AS "noticeGiven",
  CASE WHEN source.invoices THEN overdue END AS "overdueInvoices",
  CASE WHEN overdue_since IS NOT NULL THEN $1::date - ${utcDay('overdue_since')} WHEN source.invoices THEN 0 END AS "overdueDays",
  $1::date - ${utcDay('since')} AS "tenureDays",
  seats::float8 AS seats`;
