import { startOf, stateAt, utcDay } from '../../../accounts/states/as-of.sql.js';

/** Among answers given at the same time the greater id wins, so that the order of arrival does not matter. */
const SURVEYS = `
CROSS JOIN LATERAL (
  SELECT
    (array_agg(score ORDER BY answered_at DESC, id DESC) FILTER (WHERE kind = 'nps' AND answered_at >= source.since180))[1] AS nps,
    (array_agg(before ORDER BY answered_at DESC, id DESC) FILTER (WHERE kind = 'nps' AND answered_at >= source.since180))[1] AS nps_before,
    (array_agg(score ORDER BY answered_at DESC, id DESC) FILTER (WHERE kind = 'sentiment' AND answered_at >= source.since90))[1] AS sentiment,
    min(score) FILTER (WHERE kind = 'nps' AND newest AND answered_at >= source.since60 AND EXISTS (
      SELECT FROM contact c WHERE c.account_id = target.account_id AND (c.id = contact_id OR contact_id = ANY(c.user_ids))
        AND ${stateAt('c', '$2')}
        AND c.role = 'sponsor')) AS sponsor_nps
  FROM (
    SELECT v.id, v.kind, v.contact_id, v.score, v.answered_at,
      lag(v.score) OVER answers AS before, lead(v.id) OVER answers IS NULL AS newest
    FROM survey v
    WHERE v.account_id = target.account_id AND ${stateAt('v', '$2')} AND v.answered_at < $2
      AND v.score IS NOT NULL AND v.kind IN ('nps', 'sentiment')
    WINDOW answers AS (PARTITION BY v.kind, v.contact_id ORDER BY v.answered_at, v.id)
  ) AS answered
) AS surveys`;

const ACTIVITIES = `
CROSS JOIN LATERAL (
  SELECT max(v.at) AS two_way_at FROM activity v
  WHERE v.account_id = target.account_id AND ${stateAt('v', '$2')} AND v.at < $2 AND v.two_way
) AS activities`;

const MILESTONES = `
CROSS JOIN LATERAL (
  SELECT count(*) AS known, count(*) FILTER (WHERE done) AS done,
    min(due_at) FILTER (WHERE NOT done) AS late_since,
    bool_or(done) FILTER (WHERE name = 'first_value') AS first_value
  FROM (
    SELECT name, due_at, coalesce(done_at < $2, false) AS done FROM milestone m
    WHERE m.account_id = target.account_id AND ${stateAt('m', '$2')} AND (m.due_at < ${startOf('$1')} OR m.done_at < $2)
  ) AS seen
) AS milestones`;

export const RELATIONSHIP = SURVEYS + ACTIVITIES + MILESTONES;

export const RELATIONSHIP_VALUES = `
  nps::float8 AS nps,
  (nps - nps_before)::float8 AS "npsChange",
  sponsor_nps::float8 AS "sponsorNps60",
  sentiment::float8 AS "csmSentiment",
  $1::date - ${utcDay('two_way_at')} AS "daysSinceTwoWay",
  CASE WHEN milestones.known > 0 THEN (milestones.known - milestones.done)::int END AS "milestonesLate",
  CASE WHEN late_since IS NOT NULL THEN $1::date - ${utcDay('late_since')} WHEN milestones.known > 0 THEN 0 END AS "milestoneLateDays",
  CASE WHEN milestones.known > 0 THEN milestones.done / milestones.known::float8 END AS "milestonesDoneShare",
  first_value::int AS "firstValueDone"`;
