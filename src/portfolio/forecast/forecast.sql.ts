import { isCounted, isPaid, sinceOf, untilOf } from '../../accounts/states/as-of.sql.js';
import { STATUSES } from '../../scoring/features/account-features.js';
import { SCORE_FIELDS as F } from '../../scoring/scores/score-fields.js';

/** Non-overlapping 90-day windows in which steps are counted: one year. */
const WINDOWS = 4;

/**
 * Median steps before the instant $1, as shares of MRR, by the accounts' tier on the day $2 and for all (tier null). A
 * step is a change of 10 % or more within 90 days, in the original currency. $3 is the minimum number of steps for a
 * median.
 */
export const STEPS = `
WITH origin AS (
  SELECT $1::timestamptz - make_interval(days => 90 * n) AS at FROM generate_series(1, ${WINDOWS}) AS n
), paid AS (
  SELECT s.account_id, s.mrr, ${sinceOf('s')} AS since, ${untilOf('s')} AS until
  FROM subscription s JOIN account a USING (account_id)
  WHERE ${isCounted('a')} AND ${isPaid('s')} AND s.valid_from < $1 AND s.started_at < $1
), changed AS (
  -- One state of one subscription makes no step.
  SELECT account_id FROM paid GROUP BY account_id HAVING count(*) > 1
), money AS (
  SELECT p.account_id, sum(p.mrr) FILTER (WHERE p.since < o.at AND p.until >= o.at) AS before,
    sum(p.mrr) FILTER (WHERE p.since < o.at + interval '90 days' AND p.until >= o.at + interval '90 days') AS later
  FROM changed JOIN paid p USING (account_id) JOIN origin o ON p.since < o.at + interval '90 days' AND p.until >= o.at
  GROUP BY o.at, p.account_id
), step AS (
  SELECT s.tier, money.later::float8 / money.before - 1 AS size FROM money JOIN account_score s USING (account_id)
  WHERE s.as_of = $2 AND money.before > 0 AND money.later > 0 AND abs(money.later::float8 / money.before - 1) >= 0.0999999
)
SELECT tier,
  CASE WHEN count(*) FILTER (WHERE size < 0) >= $3 THEN -percentile_cont(0.5) WITHIN GROUP (ORDER BY size) FILTER (WHERE size < 0) END AS contraction,
  CASE WHEN count(*) FILTER (WHERE size > 0) >= $3 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY size) FILTER (WHERE size > 0) END AS expansion
FROM step GROUP BY GROUPING SETS ((tier), ())`;

/** Scores of the day $1, for accounts with MRR or unknown MRR. */
export const ACCOUNTS = `
SELECT ${F.mrr.past} AS mrr, ${F.status.past} AS status, ${F.tier.past} AS tier, ${F.churnRisk.past} AS probability,
  ${F.churnRiskLow.past} AS low, ${F.churnRiskHigh.past} AS high, ${F.churnRisk12m.past} AS probability12m,
  ${F.renewsAt.past} - s.as_of AS renews_in, ${F.contraction.past} AS contraction, ${F.expansion.past} AS expansion
FROM account_score s JOIN account a USING (account_id)
WHERE s.as_of = $1 AND a.merged_into IS NULL AND s.mrr IS DISTINCT FROM 0
  AND s.status IN (${STATUSES.indexOf('active')}, ${STATUSES.indexOf('leaving')})`;
