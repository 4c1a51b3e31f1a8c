import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { inTransaction } from '../database/transaction.js';
import { MESSAGE_COLUMNS, messageOf, type MessageRow, type OutboxMessage, READABLE } from './outbox.js';

export interface ClaimedMessage extends OutboxMessage {
  /** Increases with each claim; only the latest claim can acknowledge. */
  readonly epoch: number;
}

/** Thrown if another worker has claimed the messages since. The caller's transaction must not commit. */
export class OutboxLeaseLost extends Error {}

const DEFAULT_LEASE_MS = 60_000;
const PRUNE_CHUNK = 10_000;

const TAKE_IN = `
WITH next AS (
  SELECT o.generation, o.xid, o.outbox_id, coalesce(o.account_id, 0) AS account_id
  FROM outbox o, outbox_generation g, outbox_consumer c
  WHERE c.consumer = $1 AND (o.generation, o.xid, o.outbox_id) > (c.generation, c.xid, c.outbox_id) AND ${READABLE}
  ORDER BY o.generation, o.xid, o.outbox_id LIMIT $2
), taken AS (
  INSERT INTO outbox_delivery (consumer, generation, xid, outbox_id, account_id)
  SELECT $1, generation, xid, outbox_id, account_id FROM next
), last AS (
  SELECT generation, xid, outbox_id FROM next ORDER BY generation DESC, xid DESC, outbox_id DESC LIMIT 1
)
UPDATE outbox_consumer c SET generation = l.generation, xid = l.xid, outbox_id = l.outbox_id FROM last l WHERE c.consumer = $1`;

/** An account with a leased message has no other message claimed, which keeps its messages in order. */
const LEASE = `
WITH busy AS (
  SELECT DISTINCT account_id FROM outbox_delivery WHERE consumer = $1 AND leased_until > clock_timestamp()
), next AS (
  SELECT generation, xid, outbox_id FROM outbox_delivery
  WHERE consumer = $1 AND account_id NOT IN (SELECT account_id FROM busy)
  ORDER BY generation, xid, outbox_id LIMIT $2
), leased AS (
  UPDATE outbox_delivery d SET epoch = d.epoch + 1, leased_until = clock_timestamp() + $3 * interval '1 millisecond'
  FROM next n WHERE d.consumer = $1 AND (d.generation, d.xid, d.outbox_id) = (n.generation, n.xid, n.outbox_id)
  RETURNING d.generation, d.xid, d.outbox_id, d.epoch
)
SELECT ${MESSAGE_COLUMNS}, l.epoch FROM leased l JOIN outbox o USING (outbox_id) ORDER BY l.generation, l.xid, l.outbox_id`;

const SAME_CLAIM = `
unnest($2::int[], $3::text[], $4::bigint[], $5::int[]) AS t(generation, xid, outbox_id, epoch)
WHERE d.consumer = $1 AND d.generation = t.generation AND d.xid = t.xid::xid8 AND d.outbox_id = t.outbox_id AND d.epoch = t.epoch`;

const EXPIRED = `
DELETE FROM outbox WHERE outbox_id IN (
  SELECT o.outbox_id FROM outbox o
  WHERE o.created_at < now() - $1 * interval '1 day'
    AND NOT EXISTS (SELECT FROM outbox_delivery d WHERE d.outbox_id = o.outbox_id)
    AND NOT EXISTS (SELECT FROM outbox_consumer c
      WHERE (c.generation, c.xid, c.outbox_id) < (o.generation, o.xid, o.outbox_id))
  LIMIT ${PRUNE_CHUNK})`;

/**
 * Named readers of the outbox. Each gets every message appended after its registration at least once, by position, and in that
 * order per account with any number of workers. If a worker dies, its messages are released when the lease expires.
 */
@Injectable()
export class OutboxConsumers {
  constructor(private readonly dataSource: DataSource) {}

  /** Registering again has no effect. With `now`, the consumer may still get messages of transactions open at that moment. */
  async register(manager: EntityManager, consumer: string, from: 'oldest' | 'now'): Promise<void> {
    await manager.query(
      `INSERT INTO outbox_consumer (consumer, generation, xid, outbox_id)
       SELECT $1, CASE WHEN $2 THEN g.generation ELSE -1 END,
         CASE WHEN $2 THEN pg_snapshot_xmin(pg_current_snapshot()) ELSE '0'::xid8 END, 0
       FROM outbox_generation g ON CONFLICT (consumer) DO NOTHING`,
      [consumer, from === 'now'],
    );
  }

  /** Unacknowledged messages are dropped. */
  async unregister(manager: EntityManager, consumer: string): Promise<void> {
    await manager.query('DELETE FROM outbox_consumer WHERE consumer = $1', [consumer]);
    await manager.query('DELETE FROM outbox_delivery WHERE consumer = $1', [consumer]);
  }

  /** Claims up to `limit` messages for one worker; empty if none are available. Throws for an unknown consumer. */
  async claim(consumer: string, limit: number, leaseMs = DEFAULT_LEASE_MS): Promise<ClaimedMessage[]> {
    return inTransaction(this.dataSource, async (manager) => {
      // Claims of one consumer are serialized, so a frozen process must not keep the lock.
      await manager.query(`SET LOCAL idle_in_transaction_session_timeout = '10s'`);
      const known = await manager.query<unknown[]>(
        'SELECT FROM outbox_consumer WHERE consumer = $1 FOR UPDATE',
        [consumer],
      );
      if (known.length === 0) throw new Error(`no outbox consumer ${consumer} is registered`);
      await manager.query(TAKE_IN, [consumer, limit]);
      const rows = await manager.query<(MessageRow & { epoch: number })[]>(LEASE, [consumer, limit, leaseMs]);
      return rows.map(({ epoch, ...row }) => ({ ...messageOf(row), epoch }));
    });
  }

  /** Marks messages as done in the caller's transaction. Throws `OutboxLeaseLost` if one was claimed again. */
  async acknowledge(
    manager: EntityManager,
    consumer: string,
    messages: readonly ClaimedMessage[],
  ): Promise<void> {
    const [, done] = await manager.query<[unknown, number]>(
      `DELETE FROM outbox_delivery d USING ${SAME_CLAIM}`,
      parametersOf(consumer, messages),
    );
    expectAll(done, messages);
  }

  /** Releases messages; the account can be claimed again after `afterMs`. Throws `OutboxLeaseLost` like `acknowledge`. */
  async release(
    manager: EntityManager,
    consumer: string,
    messages: readonly ClaimedMessage[],
    afterMs = 0,
  ): Promise<void> {
    const [, done] = await manager.query<[unknown, number]>(
      `UPDATE outbox_delivery d SET leased_until = clock_timestamp() + $6 * interval '1 millisecond' FROM ${SAME_CLAIM}`,
      [...parametersOf(consumer, messages), afterMs],
    );
    expectAll(done, messages);
  }

  /** Removes messages older than `days` that no registered consumer still needs; returns how many. */
  async prune(days: number): Promise<number> {
    for (let removed = 0; ;) {
      const [, count] = await this.dataSource.query<[unknown, number]>(EXPIRED, [days]);
      removed += count;
      if (count < PRUNE_CHUNK) return removed;
    }
  }
}

function parametersOf(consumer: string, messages: readonly ClaimedMessage[]): unknown[] {
  return [
    consumer,
    messages.map(({ position }) => position.generation),
    messages.map(({ position }) => position.xid),
    messages.map(({ position }) => position.id),
    messages.map(({ epoch }) => epoch),
  ];
}

function expectAll(done: number, messages: readonly unknown[]): void {
  if (done < messages.length)
    throw new OutboxLeaseLost(`${messages.length - done} of ${messages.length} messages were claimed again`);
}
