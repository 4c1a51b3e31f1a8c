import { internalUsers } from '../../../intake/users/internal-users.js';
import { LEAST_EVENTS } from '../catalogue/feature.js';

/** Of one event on one day; more counts as it. */
const MOST_EVENTS = 2_000_000_000;

/**
 * One pass over the 90 days of an account, in the order of the primary key; whole numbers of 32 and 64 bits, since sums of larger ones
 * cost a multiple.
 */
export const USAGE = `
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE day > $1::date - 7)::int AS days7,
    count(*) FILTER (WHERE day > $1::date - 28)::int AS days28,
    count(*)::int AS days90,
    coalesce(sum(n) FILTER (WHERE day > $1::date - 28), 0)::float8 AS recent,
    sum(n) FILTER (WHERE day <= $1::date - 28 AND day > $1::date - 56)::float8 AS earlier,
    coalesce(sum(n) FILTER (WHERE day > $1::date - 7), 0)::float8 AS week,
    sum(n)::float8 AS total,
    sum(n::float8 * n) AS squares,
    max(day) AS last_day
  FROM (
    SELECT day, sum(least(events, ${MOST_EVENTS})::int) AS n FROM usage_day u
    WHERE u.account_id = asked.account_id AND day > $1::date - 90 AND day <= $1::date AND events > 0
    GROUP BY day
  ) AS used
) AS usage
CROSS JOIN LATERAL (
  SELECT count(DISTINCT event)::int AS features FROM usage_day u
  WHERE u.account_id = asked.account_id AND day > $1::date - 28 AND day <= $1::date AND events > 0
) AS breadth`;

export const USAGE_VALUES = `
  CASE WHEN source.usage THEN days7 END AS "activeDays7",
  CASE WHEN source.usage THEN days28 END AS "activeDays28",
  CASE WHEN source.usage THEN days90 END AS "activeDays90",
  CASE WHEN source.usage THEN recent END AS "events28",
  CASE WHEN earlier >= ${LEAST_EVENTS} AND first_day <= $1::date - 55 THEN 100 * recent / earlier - 100 END AS "usageTrend28",
  CASE WHEN source.usage THEN features END AS "featuresUsed28",
  $1::date - coalesce(last_day, CASE WHEN first_day IS NOT NULL THEN
    (SELECT max(day) FROM usage_day u WHERE u.account_id = asked.account_id AND day <= $1::date AND events > 0) END) AS "daysSinceLastUse",
  CASE WHEN first_day <= $1::date - 89 AND 90 * squares > total * total
    THEN (week / 7 - total / 90) / sqrt(squares / 90 - total / 90 * (total / 90)) END AS "usageVsOwn90"`;

/**
 * Anonymous users are in no month, the company's own people are left out. $14 to $17: the two months that the 28 days touch, and their
 * days among them as bits.
 */
const ACTIVE = `m.days & CASE m.month WHEN $14::date THEN $15::int ELSE $17::int END <> 0
  AND m.user_id NOT IN (SELECT user_id FROM own_people)
  AND (cardinality($11::text[]) = 0 OR split_part(lower(m.user_id), '@', 2) <> ALL($11))`;

export const OWN_PEOPLE = `
, own_people AS MATERIALIZED (
  SELECT user_id FROM (${internalUsers('$11')}) AS own(user_id) WHERE user_id IS NOT NULL
)`;

/** In an account with more active users than that each contact is looked for among them by index. */
const FEW_USERS = 64;

const activeContact = `
  CASE WHEN users.active <= ${FEW_USERS} THEN c.user_ids && users.ids OR c.id = ANY(users.ids)
    ELSE EXISTS (SELECT FROM user_month m
      WHERE m.account_id = asked.account_id AND m.month IN ($14, $16) AND m.user_id = ANY(c.user_ids || c.id) AND ${ACTIVE}) END`;

/** A contact's user is active under one of its ids; an id of the contact that is a user's is one. */
export const USERS = `
CROSS JOIN LATERAL (
  SELECT cardinality(ids) AS active, ids FROM (
    SELECT coalesce(array_agg(DISTINCT m.user_id), '{}') AS ids FROM user_month m
    WHERE m.account_id = asked.account_id AND m.month IN ($14, $16) AND ${ACTIVE}
  ) AS active_users
) AS users
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE here AND active)::int AS active_contacts,
    bool_or(seen) FILTER (WHERE here) AS contacts_seen,
    bool_or(here) FILTER (WHERE champion) AS champion,
    bool_or(active) FILTER (WHERE here AND champion AND seen) AS champion_active
  FROM (
    SELECT c.valid_to >= $2 AS here, c.role IS NOT DISTINCT FROM 'champion' AS champion,
      cardinality(c.user_ids) > 0 OR c.id = ANY(users.ids) AS seen,
      CASE WHEN c.valid_to >= $2 THEN ${activeContact} END AS active
    FROM contact c
    WHERE c.account_id = asked.account_id AND c.valid_from < $2 AND (c.valid_to >= $2 OR c.role = 'champion')
      AND (cardinality($11::text[]) = 0 OR split_part(lower(coalesce(c.email, '')), '@', 2) <> ALL($11))
  ) AS known
) AS contacts`;

export const USERS_VALUES = `
  CASE WHEN source.users THEN users.active END AS "activeUsers28",
  CASE WHEN source.users AND seats > 0 THEN users.active / seats::float8 END AS "licenceUse28",
  CASE WHEN source.users AND contacts_seen THEN active_contacts END AS "contactsActive28",
  CASE WHEN source.users THEN champion_active::int END AS "championActive28",
  1 - champion::int AS "championLost"`;
