import { LEAST_ANSWERS, LEAST_EVENTS, LEAST_PEERS } from './catalogue.js';

/**
 * What is known of accounts just before the instant $2, of which $1 is the UTC day. Reads no fact dated at or after $2, so facts
 * that come later move nothing. $3 accounts (null: all), $4 reporting currency, $5 and $6 currencies and the digits of their minor
 * unit where it is not two, $7 days of grace, $8 to $10 tiers with their least MRR and seats.
 *
 * What is known of one account is gathered account by account over primary keys (LATERAL): joined as sets, the plan of a database
 * that was just filled, and has no statistics yet, is quadratic.
 *
 * Internal is a property for all time: the flag stands in every interval. A first interval starts at -infinity, so the join finds
 * exactly one state of an account that ever had one.
 */
const ACCOUNTS = `
WITH asked AS (
  SELECT a.account_id, s.tier AS sent_tier, s.stage,
    (SELECT min(day) FROM usage_day u WHERE u.account_id = a.account_id AND day <= $1::date) AS first_day,
    (SELECT max(day) FROM usage_day u WHERE u.account_id = a.account_id AND day <= $1::date) AS last_day
  FROM account a
  LEFT JOIN account_state s ON s.account_id = a.account_id AND s.id = a.id AND s.valid_from < $2 AND s.valid_to >= $2
  WHERE a.merged_into IS NULL AND ($3::int[] IS NULL OR a.account_id = ANY($3))
    AND least(a.first_fact_at, s.created_at) < $2 AND s.internal IS NOT TRUE
), source AS (
  SELECT EXISTS (SELECT FROM usage_day WHERE day <= $1::date) AS uses,
         EXISTS (SELECT FROM ticket WHERE opened_at < $2) AS tickets,
         EXISTS (SELECT FROM subscription WHERE started_at < $2) AS subscriptions
)`;

const USAGE = `
CROSS JOIN LATERAL (
  SELECT count(DISTINCT day) FILTER (WHERE day > $1::date - 28)::int AS active_days,
    coalesce(sum(events) FILTER (WHERE day > $1::date - 28), 0) AS recent,
    coalesce(sum(events) FILTER (WHERE day <= $1::date - 28), 0) AS earlier
  FROM usage_day u
  WHERE u.account_id = asked.account_id AND day > $1::date - 56 AND day <= $1::date AND events > 0
) AS usage`;

/**
 * By currency, what a minor unit of it is worth in minor units of the reporting currency $4 on the UTC day $1; $5 and $6 as above. A rate
 * is units of the reporting currency for one unit of the other; the newest up to the day holds. To follow another CTE.
 */
export const FACTOR_SQL = `
, rate AS (
  SELECT DISTINCT ON (base) base AS currency, rate FROM exchange_rate
  WHERE quote = $4 AND base <> $4 AND day <= $1::date ORDER BY base, day DESC
), factor AS (
  SELECT rate.currency, rate * ('1e' || coalesce(own.digits, 2) - coalesce(other.digits, 2))::numeric AS factor
  FROM rate
  LEFT JOIN unnest($5::text[], $6::int[]) AS other(currency, digits) ON other.currency = rate.currency
  LEFT JOIN unnest($5::text[], $6::int[]) AS own(currency, digits) ON own.currency = $4
  UNION ALL SELECT $4::text, 1
)`;

/** The rates of the day hold for both moments: a change of them is no change of the customer. */
const MONEY = `
CROSS JOIN LATERAL (
  SELECT
    round(coalesce(sum(mrr * factor) FILTER (WHERE NOT past), 0)) AS mrr,
    round(coalesce(sum(mrr * factor) FILTER (WHERE past), 0)) AS mrr_before,
    max(seats) FILTER (WHERE NOT past) AS seats,
    bool_or(mrr > 0) FILTER (WHERE NOT past) AS pays,
    bool_and(coalesce(notice_given_at < $2, false)) FILTER (WHERE NOT past AND mrr > 0) AS noticed,
    bool_or(NOT trial) FILTER (WHERE NOT past) AS free,
    max(started_at) FILTER (WHERE NOT past AND trial) AS trial_since,
    min(currency) FILTER (WHERE mrr > 0 AND factor IS NULL) AS without_rate
  FROM (
    SELECT moment.past, s.started_at, s.notice_given_at, coalesce(s.trial, false) AS trial,
      sum(s.seats) OVER (PARTITION BY moment.past, s.product) AS seats,
      CASE WHEN s.trial THEN 0 ELSE coalesce(s.mrr, 0) END AS mrr, coalesce(s.currency, $4) AS currency
    FROM subscription s
    CROSS JOIN (VALUES (false, $2::timestamptz), (true, $2::timestamptz - interval '180 days')) AS moment(past, t)
    WHERE s.account_id = asked.account_id AND s.valid_from < moment.t AND s.valid_to >= moment.t
      AND s.started_at < moment.t AND (s.ended_at IS NULL OR s.ended_at >= moment.t)
  ) AS running
  LEFT JOIN factor USING (currency)
) AS money
CROSS JOIN LATERAL (
  SELECT max(s.ended_at) FILTER (WHERE s.trial IS NOT TRUE AND s.mrr > 0) AS paid_until, bool_or(s.trial) AS trial
  FROM subscription s
  WHERE s.account_id = asked.account_id
    AND s.ended_at < $2 AND s.started_at < s.ended_at AND s.valid_from < s.ended_at AND s.valid_to >= s.ended_at
) AS ended`;

/** An urgent ticket is open since the last time it was reopened, when it had been resolved before. */
const SUPPORT = `
CROSS JOIN LATERAL (
  SELECT
    min(CASE WHEN resolved_at < $2 THEN reopened ELSE opened_at END) FILTER (
      WHERE priority = 'urgent' AND opened_at < $2 AND (resolved_at IS NULL OR resolved_at >= $2 OR reopened IS NOT NULL)) AS since,
    avg(csat) FILTER (WHERE rated) AS csat,
    count(*) FILTER (WHERE rated) AS ratings
  FROM (
    SELECT k.priority, k.opened_at, k.resolved_at, k.csat,
      (SELECT min(r) FROM unnest(k.reopened_at) AS r WHERE r > k.resolved_at AND r < $2) AS reopened,
      k.csat IS NOT NULL AND coalesce(k.csat_at, k.resolved_at) < $2
        AND coalesce(k.csat_at, k.resolved_at) >= $2::timestamptz - interval '90 days' AS rated
    FROM ticket k
    WHERE k.account_id = asked.account_id AND k.valid_from < $2 AND k.valid_to >= $2
  ) AS seen
) AS support`;

/**
 * Leaving: notice given for all that is paid for, or the last paid subscription ended within the days of grace. A trial after the
 * last paid subscription is a trial again; ended trials and accounts without subscriptions never churn.
 */
const RESULT = `
, result AS (
  SELECT asked.account_id, stage, without_rate,
    coalesce(sent_tier, (
      SELECT l.tier FROM unnest($8::text[], $9::bigint[], $10::bigint[]) WITH ORDINALITY AS l(tier, min_mrr, min_seats, place)
      WHERE mrr >= l.min_mrr OR coalesce(seats, 0) >= l.min_seats ORDER BY place LIMIT 1)) AS tier,
    CASE
      WHEN pays THEN CASE WHEN noticed THEN 'leaving' ELSE 'active' END
      WHEN trial_since > paid_until THEN 'trial'
      WHEN paid_until > $2::timestamptz - make_interval(days => $7) THEN 'leaving'
      WHEN paid_until IS NOT NULL THEN 'churned'
      WHEN free THEN 'active'
      WHEN trial_since IS NOT NULL OR ended.trial THEN 'trial'
      ELSE 'active'
    END AS status,
    CASE WHEN source.uses THEN active_days END AS active_days,
    CASE WHEN earlier >= ${LEAST_EVENTS} AND first_day <= $1::date - 55 THEN 100 * recent / earlier - 100 END AS trend,
    $1::date - last_day AS idle_days,
    CASE WHEN since IS NOT NULL THEN greatest(0.1, floor(extract(epoch FROM $2::timestamptz - since) / 8640) / 10)
      WHEN source.tickets THEN 0 END AS urgent_days,
    CASE WHEN ratings >= ${LEAST_ANSWERS} THEN csat END AS csat,
    CASE WHEN source.subscriptions THEN mrr END AS mrr,
    CASE WHEN mrr_before > 0 THEN 100 * mrr / mrr_before - 100 END AS mrr_change
  FROM asked CROSS JOIN source ${USAGE} ${MONEY} ${SUPPORT}
)`;

const COMMON = ACCOUNTS + FACTOR_SQL + RESULT;

export const FEATURES_SQL = `${COMMON} SELECT * FROM result ORDER BY account_id`;

/** The median trend of each tier; ask it of all accounts. */
export const PEERS_SQL = `${COMMON}
SELECT tier, percentile_cont(0.5) WITHIN GROUP (ORDER BY trend::float8) AS trend FROM result
WHERE trend IS NOT NULL AND status <> 'churned' GROUP BY tier HAVING count(*) >= ${LEAST_PEERS} ORDER BY tier`;
