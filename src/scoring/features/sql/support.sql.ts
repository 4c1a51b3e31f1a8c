import { openSinceAt, stateAt } from '../../../accounts/states/as-of.sql.js';
import { MIN_ANSWERS } from '../../model/catalogue/feature.js';

const hoursBetween = (start: string, end: string) => `date_part('epoch', ${end} - ${start}) / 3600`;

/** A first response after the ticket was reopened answers the reopening: a bot may have resolved it before. */
const ANSWERED = `CASE WHEN k.reopened_at IS NULL THEN k.opened_at
          ELSE greatest(k.opened_at, (SELECT max(r) FROM unnest(k.reopened_at) AS r WHERE r <= k.first_response_at)) END`;

const RESPONDED = `k.first_response_at < $2 AND k.first_response_at >= source.since90 AND k.first_response_at >= k.opened_at`;

/** Tickets closed long ago are ignored. */
export const SUPPORT = `
CROSS JOIN LATERAL (
  SELECT count(since)::int AS open,
    count(since) FILTER (WHERE priority = 'urgent')::int AS urgent,
    min(since) FILTER (WHERE priority = 'urgent') AS urgent_since,
    count(*) FILTER (WHERE fresh)::int AS fresh,
    string_agg(first_hours::text, ',') AS first_hours,
    string_agg(opening_hours::text, ',') AS opening_hours,
    string_agg(resolution_hours::text, ',') AS resolution_hours,
    count(*) FILTER (WHERE trouble)::int AS trouble,
    avg(csat) FILTER (WHERE rated) AS csat,
    count(*) FILTER (WHERE rated) AS ratings
  FROM (
    SELECT k.priority, k.csat, k.opened_at >= source.since90 AS fresh,
${openSinceAt('k', '$2')} AS since,
      CASE WHEN ${RESPONDED} THEN ${hoursBetween(ANSWERED, 'k.first_response_at')} END AS first_hours,
      CASE WHEN ${RESPONDED} THEN ${hoursBetween('k.opened_at', 'k.first_response_at')} END AS opening_hours,
      CASE WHEN k.resolved_at < $2 AND k.resolved_at >= source.since90 AND k.resolved_at > k.opened_at
        THEN ${hoursBetween('k.opened_at', 'k.resolved_at')} END AS resolution_hours,
      k.escalated_at < $2 AND k.escalated_at >= source.since90
        OR k.reopened_at IS NOT NULL AND EXISTS (SELECT FROM unnest(k.reopened_at) AS r WHERE r < $2 AND r >= source.since90) AS trouble,
      k.csat IS NOT NULL AND coalesce(k.csat_at, k.resolved_at) < $2
        AND coalesce(k.csat_at, k.resolved_at) >= source.since90 AS rated
    FROM ticket k
    WHERE k.account_id = target.account_id AND ${stateAt('k', '$2')} AND k.opened_at < $2
      AND (k.opened_at >= source.since90 OR k.resolved_at IS NULL OR k.resolved_at >= source.since90 OR k.reopened_at IS NOT NULL
        OR greatest(k.first_response_at, k.escalated_at, k.csat_at) >= source.since90)
    OFFSET 0
  ) AS seen
) AS support`;

/** Age in tenths of days, at least 0.1, so that nothing open is 0 days old. */
export const daysOpen = (since: string) =>
  `greatest(0.1, floor(date_part('epoch', $2::timestamptz - ${since}) / 8640) / 10)`;

export const SUPPORT_VALUES = `
  CASE WHEN source.tickets THEN support.open END AS "openTickets",
  CASE WHEN source.tickets THEN support.urgent END AS "openUrgent",
  CASE WHEN urgent_since IS NOT NULL THEN ${daysOpen('urgent_since')} WHEN source.tickets THEN 0 END AS "oldestUrgentDays",
  CASE WHEN source.tickets AND seats > 0 THEN support.fresh / seats::float8 END AS "ticketsPerSeat90",
  first_hours AS "firstResponses", opening_hours AS "firstResponsesFromOpening", resolution_hours AS resolutions,
  CASE WHEN source.tickets THEN support.trouble END AS "reopenedEscalated90",
  CASE WHEN ratings >= ${MIN_ANSWERS} THEN csat::float8 END AS "csat90"`;
