import { joinAccountState } from '../../accounts/states/as-of.sql.js';
import { CONFIGURED_VALUES, LEVELS, LEVELS_VALUES } from './sql/levels.sql.js';
import { MONEY, MONEY_VALUES, RENEWS_AT } from './sql/money.sql.js';
import { OWN_PEOPLE, USERS, USERS_VALUES } from './sql/people.sql.js';
import { RELATIONSHIP, RELATIONSHIP_VALUES } from './sql/relationship.sql.js';
import { SUPPORT, SUPPORT_VALUES } from './sql/support.sql.js';
import { BREADTH, USAGE_OF_ALL, USAGE_OF_SOME, USAGE_VALUES } from './sql/usage.sql.js';

/**
 * What is known of accounts just before the instant $2, whose UTC day is $1. Reads no fact dated at or after $2, so later facts change nothing.
 * $3 accounts (null: all), $4 reporting currency, $5 and $6 currencies with the digits of their minor unit where those are not two, $7 days of
 * grace, $8 to $10 tiers with their minimum MRR and seats, $11 the company's own domains, $12 and $13 gauges and traits that are features,
 * $14 to $17, $19 and $20 the months and days of people.sql.ts, $18 gate events.
 *
 * Facts of an account are gathered with LATERAL over primary keys: as plain joins, the plan of a freshly filled database without statistics is
 * quadratic.
 *
 * Internal is a property for all time: the flag stands in every interval. First intervals start at -infinity, so the join finds exactly one state
 * of an account that ever had one.
 */
const accounts = (condition: string) => `
WITH target AS (
  SELECT a.account_id, s.tier AS sent_tier, s.stage AS sent_stage, s.traits, least(a.first_fact_at, s.created_at) AS began
  FROM account a
  ${joinAccountState('a', '$2')}
  WHERE a.merged_into IS NULL AND ${condition}
    AND least(a.first_fact_at, s.created_at) < $2 AND s.internal IS NOT TRUE
), source AS (
  SELECT EXISTS (SELECT FROM usage_day WHERE day <= $1::date) AS usage,
    EXISTS (SELECT FROM user_month WHERE month <= $1::date) AS users,
    EXISTS (SELECT FROM ticket WHERE opened_at < $2) AS tickets,
    EXISTS (SELECT FROM subscription WHERE started_at < $2) AS subscriptions,
    EXISTS (SELECT FROM invoice WHERE issued_at < $2) AS invoices,
    $2::timestamptz - interval '30 days' AS since30,
    $2::timestamptz - interval '60 days' AS since60,
    $2::timestamptz - interval '90 days' AS since90,
    $2::timestamptz - interval '180 days' AS since180
)`;

/**
 * CTE `factor`, to follow another one: by currency, the worth of a minor unit in minor units of the reporting currency $4 on the UTC day $1; $5 and
 * $6 as above. A rate is units of the reporting currency per unit of the other; the latest one up to the day applies.
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

const TIER = `
  coalesce(sent_tier, (
    SELECT l.tier FROM unnest($8::text[], $9::bigint[], $10::bigint[]) WITH ORDINALITY AS l(tier, min_mrr, min_seats, place)
    WHERE money.mrr >= l.min_mrr OR coalesce(seats, 0) >= l.min_seats ORDER BY place LIMIT 1)) AS tier`;

/**
 * Leaving: notice was given for everything that keeps the customer, or the last of it ended within the days of grace. A trial that began after
 * those is a trial again. Trials of accounts that never paid and accounts without subscriptions never churn.
 */
const STATUS = `
  CASE
    WHEN kept THEN CASE WHEN noticed THEN 'leaving' ELSE 'active' END
    WHEN trial_since > kept_until THEN 'trial'
    WHEN kept_until > $2::timestamptz - make_interval(days => $7) THEN 'leaving'
    WHEN kept_until IS NOT NULL THEN 'churned'
    WHEN free THEN 'active'
    WHEN trial_since IS NOT NULL OR tried THEN 'trial'
    ELSE 'active'
  END AS status`;

const STAGE = `
  CASE
    WHEN sent_stage IN ('onboarding', 'adopting', 'established') THEN sent_stage
    WHEN since <= $2::timestamptz - interval '365 days' THEN 'established'
    WHEN first_value OR since <= source.since90 THEN 'adopting'
    ELSE 'onboarding'
  END AS stage`;

const featuresSql = (condition: string, usage: string) => `${accounts(condition)}${FACTOR_SQL}${OWN_PEOPLE}
SELECT target.account_id, without_rate, products, ${RENEWS_AT} AS renews_at, ${TIER}, ${STATUS}, ${STAGE},
  ${[USAGE_VALUES, USERS_VALUES, SUPPORT_VALUES, MONEY_VALUES, LEVELS_VALUES, RELATIONSHIP_VALUES, CONFIGURED_VALUES].join(',')}
FROM ${usage} CROSS JOIN source
${BREADTH}${USERS}${MONEY}
CROSS JOIN LATERAL (SELECT coalesce(paid_from, target.began) AS since) AS tenure
${SUPPORT}${LEVELS}${RELATIONSHIP}`;

export const FEATURES_OF_SOME_SQL = `${featuresSql('a.account_id = ANY($3::int[])', USAGE_OF_SOME)} ORDER BY target.account_id`;

/** All accounts after $21 up to and including $22. */
export const FEATURES_OF_ALL_SQL = featuresSql(
  '$3::int[] IS NULL AND a.account_id > $21 AND a.account_id <= $22',
  USAGE_OF_ALL,
);

/**
 * For the transaction of FEATURES_OF_ALL_SQL. Without statistics the planner might join the usage of all accounts by nested loops; the LATERAL
 * joins stay nested loops, as there is no other way. The usage sums of all accounts fit in work_mem.
 */
export const ONE_PASS_SQL = `SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '128MB'; SET LOCAL cursor_tuple_fraction = 1`;
