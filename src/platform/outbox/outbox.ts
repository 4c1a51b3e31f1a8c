import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** An event for external systems. */
export interface OutboxEvent {
  /** Such as `account.band_changed`: stable, part of the API. */
  readonly topic: string;
  /** Null if it does not concern a single account. */
  readonly accountId: number | null;
  readonly payload: object;
}

/**
 * A message's position, compared field by field; `xid` is a 64-bit transaction id as decimal text. A message that becomes readable later
 * always has a greater position than any message readable before. Transactions are ordered by their first write, not by their commit:
 * two that append about the same account must lock it before their first write if their order matters.
 */
export interface OutboxPosition {
  readonly generation: number;
  readonly xid: string;
  readonly id: number;
}

export interface OutboxMessage {
  readonly position: OutboxPosition;
  readonly topic: string;
  readonly accountId: number | null;
  readonly payload: Record<string, unknown>;
  readonly createdAt: Date;
}

/**
 * A row is readable once every transaction that could commit before it has ended. Transaction ids of an earlier generation
 * come from another cluster, where nothing is added any more. Uses `outbox o` and `outbox_generation g`.
 */
export const READABLE = '(o.generation < g.generation OR o.xid < pg_snapshot_xmin(pg_current_snapshot()))';

export const MESSAGE_COLUMNS = `o.generation, o.xid::text AS xid, o.outbox_id AS id, o.topic, o.account_id AS "accountId", o.payload,
  o.created_at AS "createdAt"`;

export type MessageRow = OutboxPosition & Omit<OutboxMessage, 'position'>;

export function messageOf({ generation, xid, id, ...message }: MessageRow): OutboxMessage {
  return { position: { generation, xid, id }, ...message };
}

/** Appends messages and reads them by position. Everything sent to other modules or external systems goes through here. */
@Injectable()
export class Outbox {
  /** Runs in the transaction that causes the events, so they are sent if and only if it commits. */
  async append(manager: EntityManager, events: readonly OutboxEvent[]): Promise<void> {
    if (events.length === 0) return;
    await manager.query(
      `INSERT INTO outbox (generation, topic, account_id, payload)
       SELECT g.generation, topic, account_id, payload::jsonb
       FROM outbox_generation g, unnest($1::text[], $2::int[], $3::text[]) WITH ORDINALITY AS t(topic, account_id, payload, nth)
       ORDER BY nth`,
      [
        events.map(({ topic }) => topic),
        events.map(({ accountId }) => accountId),
        events.map(({ payload }) => JSON.stringify(payload)),
      ],
    );
  }

  /** The next messages after a position, or from the oldest one kept. No message can appear between those already returned. */
  async read(manager: EntityManager, after: OutboxPosition | null, limit: number): Promise<OutboxMessage[]> {
    const rows = await manager.query<MessageRow[]>(
      `SELECT ${MESSAGE_COLUMNS} FROM outbox o, outbox_generation g
       WHERE (o.generation, o.xid, o.outbox_id) > ($1::int, $2::xid8, $3::bigint) AND ${READABLE}
       ORDER BY o.generation, o.xid, o.outbox_id LIMIT $4`,
      [after?.generation ?? -1, after?.xid ?? '0', after?.id ?? 0, limit],
    );
    return rows.map(messageOf);
  }
}

/**
 * Begins a new generation when the data has moved to another cluster (a restored backup), where transaction ids start
 * over. Called at startup, before anything is appended.
 */
export async function openOutbox(manager: EntityManager): Promise<void> {
  await manager.query(
    `UPDATE outbox_generation g SET generation = generation + 1, system_identifier = c.system_identifier::text
     FROM pg_control_system() c WHERE g.system_identifier <> c.system_identifier::text`,
  );
}
