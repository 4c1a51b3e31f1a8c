/**
 * SQL conditions on what was true just before an instant, written once. `at` is an expression or a parameter, the other arguments are
 * aliases of tables. Intervals are half-open: what ends at the instant still holds just before it.
 */

/** The state of a record at that time: exactly one row of a record that was known then. A first state reaches back to -infinity. */
export const stateAt = (record: string, at: string) =>
  `${record}.valid_from < ${at} AND ${record}.valid_to >= ${at}`;

/** Joins the state of an account, if it has one. */
export const joinAccountState = (account: string, at: string, state = 's') =>
  `LEFT JOIN account_state ${state} ON ${isStateOf(account, at, state)}`;

export const isStateOf = (account: string, at: string, state = 's') =>
  `${state}.account_id = ${account}.account_id AND ${state}.id = ${account}.id AND ${stateAt(state, at)}`;

/** The state of a subscription that runs at that time. */
export const runsAt = (subscription: string, at: string) =>
  `${stateAt(subscription, at)} AND ${subscription}.started_at < ${at} AND (${subscription}.ended_at IS NULL OR ${subscription}.ended_at >= ${at})`;

/** What a state of a subscription costs; a trial costs nothing. */
export const priceOf = (subscription: string) =>
  `CASE WHEN ${subscription}.trial THEN 0 ELSE coalesce(${subscription}.mrr, 0) END`;

/** Whether the customer pays for the subscription in this state. */
export const isPaid = (subscription: string) =>
  `${subscription}.trial IS NOT TRUE AND ${subscription}.mrr > 0`;

/** When a subscription ran in this state: it runs just before t if since < t <= until. Dates are those of the latest statement. */
export const sinceOf = (subscription: string) =>
  `greatest(${subscription}.started_at, ${subscription}.valid_from)`;
export const untilOf = (subscription: string) =>
  `least(${subscription}.valid_to, coalesce(${subscription}.ended_at, 'infinity'))`;

/** Accounts that figures count: not merged into another one and not the company's own. Internal is a property for all time. */
export const isCounted = (account: string) =>
  `${account}.merged_into IS NULL AND ${account}.account_id NOT IN (SELECT account_id FROM account_state WHERE internal)`;

/**
 * Whether a subscription keeps its customer though this state of it costs nothing: it was paid for before (a discount to zero, a pause), or
 * it took over from one that was, within the days of grace (a trial of a customer who paid before). Ends from `at` on are not seen.
 */
export const isFreePeriod = (subscription: string, at: string, graceDays: string) => `EXISTS (
  SELECT FROM subscription paid
  WHERE paid.account_id = ${subscription}.account_id AND ${isPaid('paid')} AND ${sinceOf('paid')} < ${untilOf('paid')}
    AND CASE WHEN paid.id = ${subscription}.id THEN paid.valid_from < ${subscription}.valid_from
      ELSE paid.started_at < ${subscription}.started_at AND paid.ended_at < ${at} AND paid.ended_at <= ${subscription}.started_at + interval '1 day'
        AND (paid.ended_at >= ${subscription}.started_at OR paid.ended_at > ${subscription}.started_at - make_interval(days => ${graceDays})) END)`;

/** Since when a ticket has been open at that time; NULL if it is not. If resolved and reopened at the same instant, it is resolved. */
export const openSinceAt = (ticket: string, at: string) => `
  CASE WHEN ${ticket}.resolved_at IS NULL OR ${ticket}.resolved_at >= ${at} THEN CASE WHEN ${ticket}.reopened_at IS NULL THEN ${ticket}.opened_at
      ELSE greatest(${ticket}.opened_at, (SELECT max(r) FROM unnest(${ticket}.reopened_at) AS r WHERE r < ${at})) END
    WHEN ${ticket}.reopened_at IS NOT NULL
      THEN (SELECT min(r) FROM unnest(${ticket}.reopened_at) AS r WHERE r > ${ticket}.resolved_at AND r < ${at}) END`;

/** The first instant of a UTC day. A deadline is a whole day, so deadlines before this instant have passed. */
export const startOf = (day: string) => `(${day}::date::timestamp AT TIME ZONE 'UTC')`;

export const utcDay = (instant: string) => `(${instant} AT TIME ZONE 'UTC')::date`;
