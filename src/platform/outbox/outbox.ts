import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Something that programs outside want to know. */
export interface OutboxEvent {
  /** Such as `account.band_changed`: stable, part of the API. */
  readonly topic: string;
  /** Null: it concerns no single account. */
  readonly accountId: number | null;
  readonly payload: object;
}

/**
 * Where a message stands in commit order. Positions compare field by field; `xid` is a 64-bit transaction id as decimal text. A message
 * committed later always has a greater position than every message that could be read before.
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
 * A row may be read once every transaction that could still commit before it has ended. Transaction ids of an earlier generation come
 * from another cluster, and nothing is added to it any more. Of `outbox o` and `outbox_generation g`.
 */
export const READABLE = '(o.generation < g.generation OR o.xid < pg_snapshot_xmin(pg_current_snapshot()))';

export const MESSAGE_COLUMNS = `o.generation, o.xid::text AS xid, o.outbox_id AS id, o.topic, o.account_id AS "accountId", o.payload,
  o.created_at AS "createdAt"`;

export type MessageRow = OutboxPosition & Omit<OutboxMessage, 'position'>;

export function messageOf({ generation, xid, id, ...message }: MessageRow): OutboxMessage {
  return { position: { generation, xid, id }, ...message };
}

/** Appends messages and reads them in commit order. What reaches upward or outward goes through here. */
@Injectable()
export class Outbox {
  /** In the transaction that makes the events true: they are told if and only if it commits. */
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

  /** The next messages after a position, or from the oldest one kept. A later call never finds one between those it answered. */
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
 * Begins a new generation when the data has moved to another cluster (a restored backup): its transaction ids start over. For the start of
 * the service, before anything is appended.
 */
export async function openOutbox(manager: EntityManager): Promise<void> {
  await manager.query(
    `UPDATE outbox_generation g SET generation = generation + 1, system_identifier = c.system_identifier::text
     FROM pg_control_system() c WHERE g.system_identifier <> c.system_identifier::text`,
  );
}
