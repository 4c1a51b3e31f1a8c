import { runsAt, stateAt } from '../../../accounts/states/as-of.sql.js';
import { MIN_GROWTH_DAYS } from '../../model/catalogue/feature.js';

const READING = `g.account_id = target.account_id AND g.name = named.name AND g.at < $2
  AND ${stateAt('g', '$2')} AND g.value IS NOT NULL`;

/**
 * By name, the latest reading of each gauge and its growth per day since the first reading of the 90 days. Among readings at the same time the
 * greater id wins, so that the order of arrival does not matter.
 */
const GAUGES = `
CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(named.name, newest.value) AS level,
    jsonb_object_agg(named.name, (newest.value - first.value) / (extract(epoch FROM newest.at - first.at) / 86400))
      FILTER (WHERE newest.at - first.at >= interval '${MIN_GROWTH_DAYS} days') AS growth
  FROM (SELECT DISTINCT name FROM gauge g WHERE g.account_id = target.account_id AND g.at < $2) AS named
  CROSS JOIN LATERAL (SELECT value, at FROM gauge g WHERE ${READING} ORDER BY g.at DESC, g.id DESC LIMIT 1) AS newest
  LEFT JOIN LATERAL (
    SELECT value, at FROM gauge g WHERE ${READING} AND g.at >= source.since90 ORDER BY g.at, g.id LIMIT 1) AS first ON true
) AS gauges`;

/** Clamps a quotient of numbers that senders choose, so that extremes still fit. `least` alone would ignore NULL. */
const bounded = (quotient: string) => `CASE WHEN ${quotient} IS NOT NULL THEN least(${quotient}, 1e6) END`;

const LIMITS = `
LEFT JOIN LATERAL (
  SELECT max(${bounded('used / allowed')}) AS share,
    min(CASE WHEN used >= allowed THEN 0 WHEN growth > 0 THEN ${bounded('(allowed - used) / growth')} END) AS days
  FROM (
    SELECT (l.value ->> 'allowed')::numeric AS allowed, (gauges.level ->> (l.value ->> 'gauge'))::numeric AS used,
      (gauges.growth ->> (l.value ->> 'gauge'))::numeric AS growth
    FROM subscription s CROSS JOIN LATERAL jsonb_each(s.limits) AS l
    WHERE s.account_id = target.account_id AND ${runsAt('s', '$2')} AND s.limits IS NOT NULL
  ) AS limits
  WHERE allowed > 0
) AS limits ON money.limited AND gauges.level IS NOT NULL`;

export const LEVELS = GAUGES + LIMITS;

export const LEVELS_VALUES = `
  CASE WHEN seats > 0 THEN (${bounded(`(gauges.level ->> 'licencesAssigned')::numeric / seats`)})::float8 END AS "licencesAssigned",
  limits.share::float8 AS "limitUse",
  limits.days::float8 AS "daysToLimit"`;

/** One array each, in the order of the settings $12 and $13. */
export const CONFIGURED_VALUES = `
  (SELECT array_agg((gauges.level ->> name)::float8 ORDER BY place) FROM unnest($12::text[]) WITH ORDINALITY AS n(name, place)) AS gauges,
  (SELECT array_agg(CASE WHEN jsonb_typeof(target.traits -> name) = 'number' THEN (target.traits ->> name)::float8 END ORDER BY place)
    FROM unnest($13::text[]) WITH ORDINALITY AS n(name, place)) AS traits`;
