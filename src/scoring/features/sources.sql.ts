/**
 * By kind of fact, the UTC days on which facts arrived: up to the day $1, over the $2 days before the latest one. Usage, and kinds of which nothing
 * had arrived by then, go by the dates of the facts.
 */
export const SOURCES_SQL = `
WITH arrived AS (
  SELECT kind, (arrived_at AT TIME ZONE 'UTC')::date AS day FROM statement
  WHERE arrived_at < ($1::date + 1)::timestamp AT TIME ZONE 'UTC' GROUP BY 1, 2
), dated AS (
  SELECT kind, (effective_at AT TIME ZONE 'UTC')::date AS day FROM statement
  WHERE effective_at < ($1::date + 1)::timestamp AT TIME ZONE 'UTC' AND kind NOT IN (SELECT kind FROM arrived) GROUP BY 1, 2
), used AS (
  SELECT 'usage', day FROM used_day WHERE day <= $1::date
), came AS (
  SELECT kind, day, max(day) OVER (PARTITION BY kind) AS newest
  FROM (SELECT * FROM arrived UNION ALL SELECT * FROM dated UNION ALL SELECT * FROM used) AS every
)
SELECT kind, array_agg(day::text ORDER BY day) AS days FROM came WHERE day > newest - $2::int GROUP BY kind`;
