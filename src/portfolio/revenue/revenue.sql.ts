import { FACTOR_SQL } from '../../scoring/features/features.sql.js';

/**
 * Revenue just before the instants $2 (of which $1 is the UTC day) and $3 (earlier, or null), in the reporting currency $4; $5 and $6
 * currencies and the digits of their minor unit where it is not two. Each account is rounded once, so that sums of accounts and
 * their movements are sums of the same integers.
 */
export const REVENUE_SQL = `
WITH asked AS (
  SELECT a.account_id
  FROM account a
  LEFT JOIN account_state s ON s.account_id = a.account_id AND s.id = a.id AND s.valid_from < $2 AND s.valid_to >= $2
  WHERE a.merged_into IS NULL AND s.internal IS NOT TRUE
)${FACTOR_SQL}
, running AS (
  SELECT s.account_id, moment.past, CASE WHEN s.trial THEN 0 ELSE coalesce(s.mrr, 0) END AS mrr, coalesce(s.currency, $4) AS currency
  FROM asked JOIN subscription s USING (account_id)
  CROSS JOIN (VALUES (false, $2::timestamptz), (true, $3::timestamptz)) AS moment(past, t)
  WHERE s.valid_from < moment.t AND s.valid_to >= moment.t
    AND s.started_at < moment.t AND (s.ended_at IS NULL OR s.ended_at >= moment.t)
), money AS (
  SELECT account_id,
    count(*) FILTER (WHERE NOT past) AS runs, count(*) FILTER (WHERE past) AS ran,
    round(coalesce(sum(mrr * factor) FILTER (WHERE NOT past), 0)) AS now,
    round(coalesce(sum(mrr * factor) FILTER (WHERE past), 0)) AS before,
    min(currency) FILTER (WHERE mrr > 0 AND factor IS NULL) AS without_rate
  FROM running LEFT JOIN factor USING (currency) GROUP BY account_id
), moved AS (
  SELECT *, before = 0 AND now > 0 AND EXISTS (
    SELECT FROM subscription s
    WHERE s.account_id = money.account_id AND s.trial IS NOT TRUE AND s.mrr > 0
      AND greatest(s.valid_from, s.started_at) < least(s.valid_to, s.ended_at, $3)) AS returned
  FROM money
)
SELECT coalesce(sum(now), 0) AS mrr, coalesce(sum(runs), 0) AS subscriptions, count(*) FILTER (WHERE now > 0) AS accounts,
  coalesce(sum(before), 0) AS start_mrr, coalesce(sum(ran), 0) AS start_subscriptions, count(*) FILTER (WHERE before > 0) AS start_accounts,
  coalesce(sum(now) FILTER (WHERE before = 0 AND NOT returned), 0) AS new,
  coalesce(sum(now - before) FILTER (WHERE before > 0 AND now > before), 0) AS expansion,
  coalesce(sum(now - before) FILTER (WHERE now > 0 AND now < before), 0) AS contraction,
  coalesce(-sum(before) FILTER (WHERE now = 0), 0) AS churn,
  coalesce(sum(now) FILTER (WHERE returned), 0) AS reactivation,
  min(without_rate) AS without_rate
FROM moved`;
