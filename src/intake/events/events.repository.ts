import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import { markTouched } from '../../accounts/touched-accounts.repository.js';
import { joinTexts, numbersLiteral, separable, texts } from '../../platform/database/column-parameters.js';
import { sqlState } from '../../platform/database/transaction.js';
import { DAY_MS } from '../../platform/days.js';
import type { EventInput } from './event-input.js';

const ROLL_UP_LOCK = 7004;
const UNIQUE_VIOLATION = '23505';

export interface AttributedEvent {
  readonly accountId: number;
  readonly input: EventInput;
}

const STORE = `
  INSERT INTO event (account_id, at, message_hash, event, user_id, value, product, properties)
  SELECT account_id, to_timestamp(at_ms::float8 / 1000), message_hash, event, user_id, value, product, properties::json
  FROM (
    -- Row by row; with them in FROM each column would be laid down as a whole first.
    SELECT unnest($1::int[]) AS account_id, unnest($2::bigint[]) AS at_ms, unnest($3::uuid[]) AS message_hash,
      unnest(${texts(4)}) AS event, unnest(${texts(5)}) AS user_id, unnest(${texts(6)}::numeric[]) AS value,
      unnest(${texts(7)}) AS product, unnest(${texts(8)}) AS properties
  ) AS sent`;

/** Stores events and their pending row in one statement. The columns of a pending row are those of its events in order of arrival. */
const STORE_ALL = `
WITH stored AS (${STORE})
INSERT INTO event_pending (account_ids, days, events, user_ids, amounts)
SELECT $1::int[], ARRAY(SELECT date '1970-01-01' + (at_ms / ${DAY_MS})::int FROM unnest($2::bigint[]) AS t(at_ms)), ${texts(4)},
  coalesce(${texts(5)}, '{}'), coalesce(${texts(6)}, '{}')::numeric[]`;

const STORE_NEW = `${STORE} ON CONFLICT DO NOTHING`;

/** The events of a batch that this transaction stored. */
const PEND_STORED = `
INSERT INTO event_pending (account_ids, days, events, user_ids, amounts)
SELECT array_agg(account_id), array_agg((at AT TIME ZONE 'UTC')::date), array_agg(event), array_agg(user_id), array_agg(value)
FROM event
WHERE (account_id, at, message_hash) IN (
  SELECT account_id, to_timestamp(at_ms::float8 / 1000), message_hash
  FROM unnest($1::int[], $2::bigint[], $3::uuid[]) AS t(account_id, at_ms, message_hash)
) AND xmin = pg_current_xact_id()::xid`;

const DRAIN = `
WITH taken AS (
  DELETE FROM event_pending WHERE id IN (SELECT id FROM event_pending ORDER BY id LIMIT $1) RETURNING *
), fact AS (
  SELECT unnest(account_ids) AS account_id, unnest(days) AS day, unnest(events) AS event, unnest(user_ids) AS user_id,
    unnest(amounts) AS value
  FROM taken
), counted AS (
  SELECT account_id, day, event, count(*) AS events, sum(value) AS value FROM fact GROUP BY 1, 2, 3
), by_day AS (
  INSERT INTO usage_day (account_id, day, event, events, value) SELECT account_id, day, event, events, value FROM counted
  ON CONFLICT (account_id, day, event) DO UPDATE
  SET events = usage_day.events + excluded.events,
      value = CASE WHEN excluded.value IS NULL THEN usage_day.value ELSE coalesce(usage_day.value, 0) + excluded.value END
), days_used AS (
  INSERT INTO used_day SELECT DISTINCT day FROM counted ON CONFLICT DO NOTHING
), calendar AS (
  SELECT day, date_trunc('month', day)::date AS month, 1 << (extract(day FROM day)::int - 1) AS bit
  FROM (SELECT DISTINCT day FROM counted) AS known_day
), by_user AS (
  INSERT INTO user_month (account_id, month, user_id, days)
  SELECT account_id, month, user_id, bit_or(bit)
  FROM (SELECT DISTINCT account_id, user_id, day FROM fact WHERE user_id IS NOT NULL) AS used JOIN calendar USING (day)
  GROUP BY 1, 2, 3
  -- Most have the day already, and ON CONFLICT would lock and write each of their rows.
  HAVING NOT EXISTS (SELECT FROM user_month m WHERE m.account_id = used.account_id AND m.month = calendar.month
    AND m.user_id = used.user_id AND m.days | bit_or(bit) = m.days)
  ON CONFLICT (account_id, month, user_id) DO UPDATE SET days = user_month.days | excluded.days
  WHERE user_month.days | excluded.days <> user_month.days
), earliest AS (
  SELECT account_id, min(day)::timestamp AT TIME ZONE 'UTC' AS at FROM counted GROUP BY 1 ORDER BY 1
), touched AS (
  ${markTouched('SELECT account_id FROM earliest')}
), existing AS (
  UPDATE account a SET first_fact_at = e.at FROM earliest e
  WHERE a.account_id = e.account_id AND (a.first_fact_at IS NULL OR a.first_fact_at > e.at)
)
SELECT count(*)::int AS batches FROM taken`;

@Injectable()
export class EventsRepository {
  /**
   * Stores events and, in the same transaction, one pending row for the new ones. Returns how many were new. Almost all are new, and looking
   * each one up costs a fifth of storing it, so this happens only once a duplicate was found. `client` must be in a transaction at `SAVEPOINT
   * unstored`. The plans are prepared once per connection.
   */
  async insert(client: PoolClient, events: readonly AttributedEvent[]): Promise<number> {
    const keys = [
      numbersLiteral(events.map((event) => event.accountId)),
      numbersLiteral(events.map((event) => event.input.at)),
      `{${events.map((event) => event.input.messageHash).join(',')}}`,
    ];
    const values = [
      ...keys,
      joinTexts(events.map((event) => event.input.event)),
      joinTexts(events.map((event) => event.input.userId)),
      joinTexts(events.map((event) => event.input.value?.toString())),
      joinTexts(events.map((event) => separable(event.input.product))),
      joinTexts(events.map((event) => event.input.properties)),
    ];
    try {
      await client.query({ name: 'store-all-events', text: STORE_ALL, values });
      return events.length;
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    }
    await client.query('ROLLBACK TO unstored; RELEASE unstored');
    const { rowCount } = await client.query({ name: 'store-new-events', text: STORE_NEW, values });
    const stored = rowCount ?? 0;
    if (stored > 0) await client.query({ name: 'pend-stored-events', text: PEND_STORED, values: keys });
    return stored;
  }

  /** Among `candidates`, the accounts that already have one of the given events: the first attribution stays. */
  async attributed(
    manager: EntityManager,
    events: readonly { key: string; accountId: number; at: number; messageHash: string }[],
  ): Promise<Map<string, number>> {
    if (events.length === 0) return new Map();
    const rows: { key: string; account_id: number }[] = await manager.query(
      `SELECT q.key, q.account_id
       FROM unnest($1::text[], $2::int[], $3::timestamptz[], $4::uuid[]) AS q(key, account_id, at, message_hash)
       JOIN event e ON e.account_id = q.account_id AND e.at = q.at AND e.message_hash = q.message_hash`,
      [
        events.map((event) => event.key),
        events.map((event) => event.accountId),
        events.map((event) => new Date(event.at).toISOString()),
        events.map((event) => event.messageHash),
      ],
    );
    return new Map(rows.map((row) => [row.key, row.account_id]));
  }

  /** Only one transaction drains at a time; waits for another to end. Released with the transaction. */
  async lockRollUp(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [ROLL_UP_LOCK]);
  }

  /** Moves up to `batches` pending rows into the roll-ups. Returns how many it moved. */
  async drain(manager: EntityManager, batches: number): Promise<number> {
    const rows: { batches: number }[] = await manager.query(DRAIN, [batches]);
    return rows[0]?.batches ?? 0;
  }

  /** The backlog of the roll-ups; `late` if the oldest row has waited for more than a second. */
  async pending(manager: EntityManager): Promise<{ batches: number; newest: number; late: boolean }> {
    const [row]: { batches: number; newest: number; late: boolean }[] = await manager.query(
      `SELECT count(*)::int AS batches, coalesce(max(id), 0) AS newest,
         coalesce(min(arrived_at) < now() - interval '1 second', false) AS late FROM event_pending`,
    );
    return row ?? { batches: 0, newest: 0, late: false };
  }

  /** Age in seconds of the oldest event that is not in the roll-ups yet; 0 if all are. */
  async lagSeconds(manager: EntityManager): Promise<number> {
    const rows: { lag: string | null }[] = await manager.query(
      'SELECT extract(epoch FROM now() - min(arrived_at)) AS lag FROM event_pending',
    );
    return Number(rows[0]?.lag ?? 0);
  }
}
