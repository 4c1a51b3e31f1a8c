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

/** What reaches upward or outward is written here, in the transaction that makes it true, so it is told exactly when it is. */
@Injectable()
export class Outbox {
  async write(manager: EntityManager, events: readonly OutboxEvent[]): Promise<void> {
    if (events.length === 0) return;
    await manager.query(
      `INSERT INTO outbox (topic, account_id, payload)
       SELECT topic, account_id, payload::jsonb FROM unnest($1::text[], $2::int[], $3::text[]) AS t(topic, account_id, payload)`,
      [
        events.map(({ topic }) => topic),
        events.map(({ accountId }) => accountId),
        events.map(({ payload }) => JSON.stringify(payload)),
      ],
    );
  }
}
