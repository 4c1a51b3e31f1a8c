import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isCounted, isFreePeriod, isPaid, priceOf, runsAt } from '../../accounts/states/as-of.sql.js';
import { Settings } from '../../platform/settings.js';

export interface ChangeHistory {
  /** 90-day windows that an account was at risk at the start of. */
  windows: number;
  churned: number;
  /** Windows with MRR up by 10 % or more at the end. */
  expanded: number;
  /** Windows with MRR down by 10 % or more at the end, without churn. */
  contracted: number;
}

/** Windows for a base rate: one year, without overlap. */
const WINDOWS = 4;

/**
 * A spell is a subscription that is paid for, or a free period of a customer who has paid. At risk: a spell runs, something is paid and
 * its end is not known yet. Churned: the last end lies within
 * the window and nothing begins within the days of grace. The youngest window ended so long ago that its grace has passed. Steps of
 * MRR are taken in the currencies as they are: a step is a share.
 */
const SQL = `
WITH origin AS (
  SELECT $1::timestamptz - make_interval(days => 90 * n + $2) AS at FROM generate_series(1, ${WINDOWS}) AS n
), state AS (
  SELECT s.account_id, s.started_at, coalesce(s.ended_at, 'infinity') AS ended_at, coalesce(s.notice_given_at, 'infinity') AS notice_at,
    s.valid_from, s.valid_to, ${priceOf('s')} AS mrr
  FROM subscription s JOIN account a USING (account_id)
  WHERE ${isCounted('a')} AND s.valid_from < $1 AND s.started_at < $1
    AND (${isPaid('s')} OR ${isFreePeriod('s', '$1', '$2')})
), spell AS (
  SELECT * FROM state WHERE valid_to >= $1
), at_risk AS (
  SELECT o.at, s.account_id FROM origin o JOIN spell s ON s.started_at < o.at AND s.ended_at >= o.at
  GROUP BY 1, 2 HAVING bool_or(s.notice_at >= o.at)
), money AS (
  SELECT r.at, r.account_id,
    sum(s.mrr) FILTER (WHERE ${runsAt('s', 'r.at')}) AS before,
    sum(s.mrr) FILTER (WHERE ${runsAt('s', `(r.at + interval '90 days')`)}) AS later
  FROM at_risk r JOIN state s USING (account_id) GROUP BY 1, 2
), outcome AS (
  SELECT r.at, r.account_id, max(s.ended_at) AS last_end
  FROM at_risk r JOIN spell s ON s.account_id = r.account_id AND s.started_at < r.at + interval '90 days' GROUP BY 1, 2
), returned AS (
  SELECT DISTINCT o.at, o.account_id FROM outcome o JOIN spell s USING (account_id)
  WHERE s.started_at >= o.last_end AND s.started_at < o.last_end + make_interval(days => $2)
)
SELECT count(*)::int AS windows,
  count(*) FILTER (WHERE o.last_end < o.at + interval '90 days' AND r.account_id IS NULL)::int AS churned,
  count(*) FILTER (WHERE m.later >= 1.1 * m.before)::int AS expanded,
  count(*) FILTER (WHERE m.later <= 0.9 * m.before)::int AS contracted
FROM outcome o JOIN money m USING (at, account_id) LEFT JOIN returned r USING (at, account_id)
WHERE m.before > 0`;

/** Counts of accounts at risk that churned, expanded or contracted, as known at an instant. */
@Injectable()
export class ChangeHistoryRepository {
  constructor(private readonly settings: Settings) {}

  async before(manager: EntityManager, until: Date): Promise<ChangeHistory> {
    return manager.transaction(async (tx) => {
      // A freshly loaded database has no statistics, and its planner would pick nested loops.
      await tx.query(`SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'`);
      const [row] = await tx.query<ChangeHistory[]>(SQL, [until, this.settings.graceDays]);
      return row ?? { windows: 0, churned: 0, expanded: 0, contracted: 0 };
    });
  }
}
