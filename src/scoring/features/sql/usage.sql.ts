import { internalUsers } from '../../../intake/users/internal-users.js';

/** Of one event on one day; more counts as it. */
const MOST_EVENTS = 2_000_000_000;

/** The last 13 weeks and what is in them: the weeks' events, the newest first, and which days had use, as bits of three numbers. */
export const WEEKS = 13;
export const MASK_DAYS = 31;
const DAYS = 7 * WEEKS;

const columns = (count: number, column: (place: number) => string) =>
  Array.from({ length: count }, (_, place) => column(place)).join(', ');

/** One compare for most rows, and 32 bits to add: each of these is worked out for each row of the roll-up. */
const week = (place: number) =>
  `sum(least(events, ${MOST_EVENTS})::int) FILTER (WHERE day <= $1::date - ${7 * place} AND day > $1::date - ${7 * place + 7}) AS week${place}`;

const mask = (place: number) => {
  const first = MASK_DAYS * place;
  return `bit_or(1 << ($1::date - ${first} - day)) FILTER (WHERE day <= $1::date - ${first} AND day > $1::date - ${first + MASK_DAYS}) AS mask${place}`;
};

const totals = `${columns(WEEKS, week)}, ${columns(3, mask)}`;
const within = `day > $1::date - ${DAYS} AND day <= $1::date`;

/** The accounts with their usage. Of some: account by account, over the primary key. */
export const USAGE_OF_SOME = `asked
CROSS JOIN LATERAL (SELECT ${totals} FROM usage_day u WHERE u.account_id = asked.account_id AND ${within}) AS usage`;

/**
 * Of all accounts: the rows of an account lie far apart, so in one go through all of them. What else there is of an account lies beside that
 * of the next one: looked up in another order it takes twice the time.
 */
export const USAGE_OF_ALL = `(
  SELECT * FROM asked LEFT JOIN (
    SELECT account_id, ${totals} FROM usage_day WHERE ${within} AND account_id > $21 AND account_id <= $22 GROUP BY account_id
  ) AS usage USING (account_id) ORDER BY account_id
) AS asked`;

/** The primary key holds all that it needs. */
export const BREADTH = `
CROSS JOIN LATERAL (
  SELECT min(day) AS first_day FROM usage_day u WHERE u.account_id = asked.account_id AND day <= $1::date
) AS life
CROSS JOIN LATERAL (
  SELECT count(*)::int AS features FROM (
    SELECT FROM usage_day u WHERE u.account_id = asked.account_id AND day > $1::date - 28 AND day <= $1::date GROUP BY event
  ) AS used
) AS breadth`;

/** Over the primary key, and only where there are gates. */
const GATE_HITS = `
  CASE WHEN cardinality($18::text[]) > 0 AND source.usage THEN (
    SELECT coalesce(max(hits), 0) FROM (
      SELECT sum(events) AS hits FROM usage_day u
      WHERE u.account_id = asked.account_id AND day > $1::date - 14 AND day <= $1::date AND event = ANY($18) GROUP BY event
    ) AS tried) END AS "gateHits14"`;

export const USAGE_VALUES = `
  source.usage AS uses, $1::date - first_day AS "firstUseDays", ${columns(WEEKS, (place) => `week${place}`)}, ${columns(3, (place) => `mask${place}`)},
  CASE WHEN mask0 IS NULL AND mask1 IS NULL AND mask2 IS NULL AND first_day IS NOT NULL THEN
    $1::date - (SELECT max(day) FROM usage_day u WHERE u.account_id = asked.account_id AND day <= $1::date) END AS "lastUseDays",
  CASE WHEN source.usage THEN features END AS "featuresUsed28",${GATE_HITS}`;

/**
 * Anonymous users are in no month, the company's own people are left out. $14 to $17: the two months that the 28 days touch, and their
 * days among them as bits; $19 and $20: those of the last 7 days.
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

/**
 * A contact's user is active under one of its ids; an id of the contact that is a user's is one. The first thing said of a contact reaches
 * back, but not to take the place of a champion who was lost before it was said.
 */
export const USERS = `
CROSS JOIN LATERAL (
  SELECT cardinality(ids) AS active, lately, ids FROM (
    SELECT coalesce(array_agg(user_id), '{}') AS ids, count(*) FILTER (WHERE lately) AS lately FROM (
      SELECT m.user_id, bool_or(m.days & CASE m.month WHEN $14::date THEN $19::int ELSE $20::int END <> 0) AS lately
      FROM user_month m WHERE m.account_id = asked.account_id AND m.month IN ($14, $16) AND ${ACTIVE} GROUP BY m.user_id
    ) AS active_user
  ) AS active_users
) AS users
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE here AND active)::int AS active_contacts,
    bool_or(seen) FILTER (WHERE here) AS contacts_seen,
    bool_or(champion AND here AND told) OR (bool_or(here) FILTER (WHERE champion) AND NOT bool_or(champion AND NOT here)) AS champion,
    bool_or(active) FILTER (WHERE here AND champion AND seen) AS champion_active
  FROM (
    SELECT c.valid_to >= $2 AS here, c.role IS NOT DISTINCT FROM 'champion' AS champion,
      c.valid_from > '-infinity' OR c.role = 'champion' AND c.valid_to >= $2 AND EXISTS (SELECT FROM statement t
        WHERE t.account_id = c.account_id AND t.kind = 'contacts' AND t.record_id = c.id AND t.effective_at < $2) AS told,
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
  CASE WHEN source.users AND seats > 0 THEN users.lately / seats::float8 END AS "licenceUse7",
  CASE WHEN source.users AND contacts_seen THEN active_contacts END AS "contactsActive28",
  CASE WHEN source.users AND champion THEN champion_active::int END AS "championActive28",
  1 - champion::int AS "championLost"`;
