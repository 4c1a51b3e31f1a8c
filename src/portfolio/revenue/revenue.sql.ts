import {
  isFreePeriod,
  isPaid,
  joinAccountState,
  priceOf,
  runsAt,
  sinceOf,
  untilOf,
} from '../../accounts/states/as-of.sql.js';
import { FACTOR_SQL } from '../../scoring/features/features.sql.js';

/**
 * Revenue just before the instants $2 (of which $1 is the UTC day) and $3 (earlier, or null), in the reporting currency $4; $5 and $6
 * currencies and the digits of their minor unit where it is not two, $7 days of grace. Each account is rounded once, so that sums of accounts and
 * their movements are sums of the same integers.
 */
export const REVENUE_SQL = `
WITH requested AS (
  SELECT a.account_id
  FROM account a
  ${joinAccountState('a', '$2')}
  WHERE a.merged_into IS NULL AND s.internal IS NOT TRUE
)${FACTOR_SQL}
, running AS (
  SELECT s.account_id, moment.past, ${priceOf('s')} AS mrr, coalesce(s.currency, $4) AS currency,
    ${isPaid('s')} OR ${isFreePeriod('s', 'moment.t', '$7')} AS kept
  FROM requested JOIN subscription s USING (account_id)
  CROSS JOIN (VALUES (false, $2::timestamptz), (true, $3::timestamptz)) AS moment(past, t)
  WHERE ${runsAt('s', 'moment.t')}
), money AS (
  SELECT account_id,
    count(*) FILTER (WHERE NOT past) AS runs, count(*) FILTER (WHERE past) AS ran,
    round(coalesce(sum(mrr * factor) FILTER (WHERE NOT past), 0)) AS now,
    round(coalesce(sum(mrr * factor) FILTER (WHERE past), 0)) AS before,
    coalesce(bool_or(kept) FILTER (WHERE NOT past), false) AS stays, coalesce(bool_or(kept) FILTER (WHERE past), false) AS stayed,
    min(currency) FILTER (WHERE mrr > 0 AND factor IS NULL) AS without_rate
  FROM running LEFT JOIN factor USING (currency) GROUP BY account_id
), moved AS (
  SELECT *, before = 0 AND now > 0 AND EXISTS (
    SELECT FROM subscription s
    WHERE s.account_id = money.account_id AND ${isPaid('s')} AND ${sinceOf('s')} < least(${untilOf('s')}, $3)) AS returned
  FROM money
)
SELECT coalesce(sum(now), 0) AS mrr, coalesce(sum(runs), 0) AS subscriptions, count(*) FILTER (WHERE now > 0) AS accounts,
  coalesce(sum(before), 0) AS start_mrr, coalesce(sum(ran), 0) AS start_subscriptions, count(*) FILTER (WHERE before > 0) AS start_accounts,
  coalesce(sum(now) FILTER (WHERE before = 0 AND NOT returned), 0) AS new,
  coalesce(sum(now - before) FILTER (WHERE now > before AND (before > 0 OR returned AND stayed)), 0) AS expansion,
  coalesce(sum(now - before) FILTER (WHERE now < before AND (now > 0 OR stays)), 0) AS contraction,
  coalesce(-sum(before) FILTER (WHERE now = 0 AND NOT stays), 0) AS churn,
  coalesce(sum(now) FILTER (WHERE returned AND NOT stayed), 0) AS reactivation,
  min(without_rate) AS without_rate
FROM moved`;
