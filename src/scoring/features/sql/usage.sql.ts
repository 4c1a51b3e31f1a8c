/** Cap on the count of one event on one day. */
const MAX_EVENTS = 2_000_000_000;

/** The last 13 weeks: events by week, newest first, and the days with usage as bits of three numbers. */
export const WEEKS = 13;
export const MASK_DAYS = 31;
const DAYS = 7 * WEEKS;

const columns = (count: number, column: (place: number) => string) =>
  Array.from({ length: count }, (_, place) => column(place)).join(', ');

/** Computed for every roll-up row, so it uses one comparison for most rows and 32-bit sums. */
const week = (place: number) =>
  `sum(least(events, ${MAX_EVENTS})::int) FILTER (WHERE day <= $1::date - ${7 * place} AND day > $1::date - ${7 * place + 7}) AS week${place}`;

const mask = (place: number) => {
  const first = MASK_DAYS * place;
  return `bit_or(1 << ($1::date - ${first} - day)) FILTER (WHERE day <= $1::date - ${first} AND day > $1::date - ${first + MASK_DAYS}) AS mask${place}`;
};

const totals = `${columns(WEEKS, week)}, ${columns(3, mask)}`;
const within = `day > $1::date - ${DAYS} AND day <= $1::date`;

/** Selected accounts with their usage, looked up through the primary key. */
export const USAGE_OF_SOME = `target
CROSS JOIN LATERAL (SELECT ${totals} FROM usage_day u WHERE u.account_id = target.account_id AND ${within}) AS usage`;

/**
 * All accounts with their usage in one pass over the roll-up, where the rows of an account lie far apart. `+ 0` keeps the planner from reading
 * them through the primary key, one page a row. Sorted by account, because the other tables are laid out by account: looking them up in another
 * order takes twice the time.
 */
export const USAGE_OF_ALL = `(
  SELECT * FROM target LEFT JOIN (
    SELECT account_id + 0 AS account_id, ${totals} FROM usage_day
    WHERE ${within} AND account_id + 0 > $21 AND account_id + 0 <= $22 GROUP BY account_id + 0
  ) AS usage USING (account_id) ORDER BY account_id
) AS target`;

/** An index-only scan of the primary key. */
export const BREADTH = `
CROSS JOIN LATERAL (
  SELECT min(day) AS first_day FROM usage_day u WHERE u.account_id = target.account_id AND day <= $1::date
) AS life
CROSS JOIN LATERAL (
  SELECT count(*)::int AS features FROM (
    SELECT FROM usage_day u WHERE u.account_id = target.account_id AND day > $1::date - 28 AND day <= $1::date GROUP BY event
  ) AS used
) AS breadth`;

/** Uses the primary key, and runs only if gates are configured. */
const GATE_HITS = `
  CASE WHEN cardinality($18::text[]) > 0 AND source.usage THEN (
    SELECT coalesce(max(hits), 0) FROM (
      SELECT sum(events) AS hits FROM usage_day u
      WHERE u.account_id = target.account_id AND day > $1::date - 14 AND day <= $1::date AND event = ANY($18) GROUP BY event
    ) AS tried) END AS "gateHits14"`;

export const USAGE_VALUES = `
  source.usage AS uses, $1::date - first_day AS "firstUseDays", ${columns(WEEKS, (place) => `week${place}`)}, ${columns(3, (place) => `mask${place}`)},
  CASE WHEN mask0 IS NULL AND mask1 IS NULL AND mask2 IS NULL AND first_day IS NOT NULL THEN
    $1::date - (SELECT max(day) FROM usage_day u WHERE u.account_id = target.account_id AND day <= $1::date) END AS "lastUseDays",
  CASE WHEN source.usage THEN features END AS "featuresUsed28",${GATE_HITS}`;
