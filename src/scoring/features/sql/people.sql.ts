import { internalUsers } from '../../../intake/users/internal-users.js';
import { personOf } from '../../../intake/users/person.sql.js';

/** The company's own staff, by the id that represents the person. */
export const OWN_PEOPLE = `
, own_people AS MATERIALIZED (
  SELECT user_id FROM (${internalUsers('$11')}) AS own(user_id) WHERE user_id IS NOT NULL
)`;

/** In an account with more active people than this, each is looked up in an index instead of a list. */
const MAX_LISTED = 64;

/** `OFFSET 0` keeps the planner from computing the same value several times per row. */
const ONCE = 'OFFSET 0';

/** Without any alias, even the index lookup is skipped. */
const personOfActive = (id: string) =>
  `CASE WHEN EXISTS (SELECT FROM user_alias) THEN ${personOf(id)} ELSE ${id} END`;

/** The active people among a contact's ids. A contact's own id may be a user's. */
const ACTIVE_OF_CONTACT = `ARRAY(
  SELECT DISTINCT person FROM (
    SELECT ${personOfActive('ids.id')} AS person
    FROM unnest(CASE WHEN c.id = ANY(c.user_ids) THEN c.user_ids ELSE c.user_ids || c.id END) AS ids(id) ${ONCE}
  ) AS named
  WHERE CASE WHEN people.active <= ${MAX_LISTED} THEN person = ANY(people.ids) ELSE people.lately_by_id ? person END)`;

/**
 * Several user ids are one person where a contact names them all, or contacts do in a chain. Rare, so computed only where it
 * happens. Gives the counts of active people, of those active lately, and of those who are contacts.
 */
const COUNTS_OF_JOINED = `(
  SELECT ARRAY[people.active - count(*) + count(DISTINCT person),
    people.lately - count(*) FILTER (WHERE is_lately) + count(DISTINCT person) FILTER (WHERE is_lately),
    count(DISTINCT person)]
  FROM (
    SELECT person, CASE WHEN people.active <= ${MAX_LISTED} THEN people.latelies[array_position(people.ids, id)]
      ELSE people.lately_by_id -> id = 'true' END AS is_lately
    FROM joined_people(contacts.groups)
  ) AS joined
)`;

/**
 * Counts people, not ids: an alias counts as the person it belongs to, and the user ids of one contact count once. Anonymous
 * users are in no month, the company's own people are left out. $14 to $17: the two months that the 28 days touch, and their days
 * among them as bits; $19 and $20: those of the last 7 days.
 */
const PEOPLE = `
CROSS JOIN LATERAL (
  SELECT *, CASE WHEN active > ${MAX_LISTED} THEN
    (SELECT jsonb_object_agg(id, is_lately) FROM unnest(ids, latelies) AS t(id, is_lately)) END AS lately_by_id
  FROM (
    SELECT count(*) AS active, count(*) FILTER (WHERE is_lately) AS lately, coalesce(array_agg(person), '{}') AS ids,
      array_agg(is_lately) AS latelies
    FROM (
      SELECT person, bool_or(days & CASE month WHEN $14::date THEN $19::int ELSE $20::int END <> 0) AS is_lately
      FROM (
        SELECT m.month, m.days, ${personOfActive('m.user_id')} AS person FROM user_month m
        WHERE m.account_id = target.account_id AND m.month IN ($14, $16)
          AND m.days & CASE m.month WHEN $14::date THEN $15::int ELSE $17::int END <> 0 ${ONCE}
      ) AS used
      WHERE person NOT IN (SELECT user_id FROM own_people)
        AND (cardinality($11::text[]) = 0 OR split_part(lower(person), '@', 2) <> ALL($11))
      GROUP BY person
    ) AS active_person
  ) AS counted
) AS people`;

/** The first statement about a contact applies retroactively, but must not replace a champion lost before it was made. */
const CONTACTS = `
CROSS JOIN LATERAL (
  SELECT count(DISTINCT active[1]) FILTER (WHERE here) AS active_contacts,
    coalesce(bool_or(cardinality(active) > 1) FILTER (WHERE here), false) AS joined,
    jsonb_agg(active) FILTER (WHERE here AND active <> '{}') AS groups,
    bool_or(has_users OR active <> '{}') FILTER (WHERE here) AS contacts_seen,
    bool_or(champion AND here AND told) OR (bool_or(here) FILTER (WHERE champion) AND NOT bool_or(champion AND NOT here)) AS champion,
    bool_or(active <> '{}') FILTER (WHERE here AND champion AND (has_users OR active <> '{}')) AS champion_active
  FROM (
    SELECT c.valid_to >= $2 AS here, c.role IS NOT DISTINCT FROM 'champion' AS champion,
      coalesce(cardinality(c.user_ids), 0) > 0 AS has_users,
      c.valid_from > '-infinity' OR c.role = 'champion' AND c.valid_to >= $2 AND EXISTS (SELECT FROM statement t
        WHERE t.account_id = c.account_id AND t.kind = 'contacts' AND t.record_id = c.id AND t.effective_at < $2) AS told,
      CASE WHEN c.valid_to >= $2 THEN ${ACTIVE_OF_CONTACT} END AS active
    FROM contact c
    WHERE c.account_id = target.account_id AND c.valid_from < $2 AND (c.valid_to >= $2 OR c.role = 'champion')
      AND (cardinality($11::text[]) = 0 OR split_part(lower(coalesce(c.email, '')), '@', 2) <> ALL($11)) ${ONCE}
  ) AS known
) AS contacts`;

export const USERS = `${PEOPLE}${CONTACTS}
CROSS JOIN LATERAL (
  SELECT counts[1]::int AS active, counts[2]::int AS lately, counts[3]::int AS active_contacts
  FROM (SELECT CASE WHEN contacts.joined THEN ${COUNTS_OF_JOINED}
    ELSE ARRAY[people.active, people.lately, contacts.active_contacts] END AS counts ${ONCE}) AS decided
) AS users`;

export const USERS_VALUES = `
  CASE WHEN source.users THEN users.active END AS "activeUsers28",
  CASE WHEN source.users AND seats > 0 THEN users.active / seats::float8 END AS "licenceUse28",
  CASE WHEN source.users AND seats > 0 THEN users.lately / seats::float8 END AS "licenceUse7",
  CASE WHEN source.users AND contacts_seen THEN users.active_contacts END AS "contactsActive28",
  CASE WHEN source.users AND champion THEN champion_active::int END AS "championActive28",
  1 - champion::int AS "championLost"`;
