import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TouchedAccounts } from '../../accounts/touched-accounts.repository.js';
import { recordKinds } from '../kinds/kinds.js';
import type { RecordKind } from '../records/record-kind.js';

const FOLDED = recordKinds().map((kind) => kind.table);

/** All tables that hold facts by account. */
const BY_ACCOUNT = [
  ...FOLDED,
  'statement',
  'event',
  'usage_day',
  'user_month',
  'user_account',
  'clock_correction',
];

const WITH_MERGED = 'SELECT account_id FROM account WHERE account_id = $1 OR merged_into = $1';

/** An event `e` of the account $1 on the UTC day $2. */
const ON_DAY = `e.account_id = $1 AND e.at >= $2::date::timestamp AT TIME ZONE 'UTC'
  AND e.at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'`;

@Injectable()
export class RemovalRepository {
  constructor(private readonly touched: TouchedAccounts) {}

  async deleteRecord(manager: EntityManager, kind: RecordKind, accountId: number, id: string): Promise<void> {
    await manager.query('DELETE FROM statement WHERE account_id = $1 AND kind = $2 AND record_id = $3', [
      accountId,
      kind.name,
      id,
    ]);
    await manager.query(`DELETE FROM ${kind.table} WHERE account_id = $1 AND id = $2`, [accountId, id]);
    await manager.query('DELETE FROM record_ref WHERE kind = $1 AND id = $2', [kind.name, id]);
    await this.deleteHeld(manager, kind.name, id);
  }

  /** Deletes a record that is still in quarantine and returns the number of rows. */
  async deleteHeld(manager: EntityManager, kind: string, id: string): Promise<number> {
    const [, count]: [unknown, number] = await manager.query(
      'DELETE FROM quarantine WHERE kind = $1 AND id = $2',
      [kind, id],
    );
    return count;
  }

  /** Deletes the account and those merged into it. */
  async deleteAccount(manager: EntityManager, accountId: number): Promise<void> {
    const rows: { id: number }[] = await manager.query(
      'SELECT account_id AS id FROM account WHERE account_id = $1 OR merged_into = $1',
      [accountId],
    );
    const ids = rows.map((row) => row.id);
    for (const table of [...BY_ACCOUNT, 'record_ref', 'account_ref', 'account']) {
      await manager.query(`DELETE FROM ${table} WHERE account_id = ANY($1)`, [ids]);
    }
    // Derived data is removed when its owner finds the account gone.
    await this.touched.mark(manager, ids);
  }

  /**
   * Deletes an event and recounts its days. Returns how many events it deleted, since one message id may occur at several times.
   * Expects no pending events.
   */
  async deleteEvents(manager: EntityManager, accountId: number, messageHash: string): Promise<number> {
    const gone: { day: string; event: string; user_id: string | null }[] = await manager.query(
      `WITH gone AS (DELETE FROM event WHERE account_id = $1 AND message_hash = $2 RETURNING at, event, user_id)
       SELECT (at AT TIME ZONE 'UTC')::date AS day, event, user_id FROM gone`,
      [accountId, messageHash],
    );
    for (const { day, event, user_id: userId } of gone) {
      await manager.query(
        `UPDATE usage_day u SET (events, value) = (SELECT count(*), sum(value) FROM event e WHERE e.event = u.event AND ${ON_DAY})
         WHERE account_id = $1 AND day = $2 AND event = $3`,
        [accountId, day, event],
      );
      await manager.query(
        `UPDATE user_month SET days = days & ~(1 << (extract(day FROM $2::date)::int - 1))
         WHERE account_id = $1 AND month = date_trunc('month', $2::date)::date AND user_id = $3
           AND NOT EXISTS (SELECT FROM event e WHERE e.user_id = $3 AND ${ON_DAY})`,
        [accountId, day, userId],
      );
    }
    await manager.query('DELETE FROM usage_day WHERE account_id = $1 AND events = 0', [accountId]);
    await manager.query('DELETE FROM user_month WHERE account_id = $1 AND days = 0', [accountId]);
    return gone.length;
  }

  async moveFacts(manager: EntityManager, from: number, into: number): Promise<void> {
    await this.moveUsage(manager, from, into);
    const copied = [...FOLDED.filter((table) => table !== 'account_state'), 'statement'];
    for (const table of copied) {
      const columns = await this.columnsBeside(manager, table);
      const only = table === 'statement' ? `AND kind <> 'accounts'` : '';
      await manager.query(
        `INSERT INTO ${table} (account_id, ${columns}) SELECT $2, ${columns} FROM ${table} WHERE account_id = $1 ${only}`,
        [from, into],
      );
      await manager.query(`DELETE FROM ${table} WHERE account_id = $1 ${only}`, [from]);
    }
    await manager.query('UPDATE record_ref SET account_id = $2 WHERE account_id = $1', [from, into]);
    await manager.query('UPDATE user_account SET account_id = $2 WHERE account_id = $1', [from, into]);
    await manager.query(`UPDATE account_ref SET account_id = $2, source = 'merged' WHERE account_id = $1`, [
      from,
      into,
    ]);
    await manager.query('UPDATE account SET merged_into = $2 WHERE account_id = $1 OR merged_into = $1', [
      from,
      into,
    ]);
    await this.touched.unmark(manager, [from]);
  }

  /** An event that both accounts have counts once afterwards, in the roll-ups too. */
  private async moveUsage(manager: EntityManager, from: number, into: number): Promise<void> {
    await manager.query(
      `WITH both_have AS (
         SELECT (a.at AT TIME ZONE 'UTC')::date AS day, a.event, count(*) AS events, sum(a.value) AS value
         FROM event a JOIN event b ON b.account_id = $2 AND b.at = a.at AND b.message_hash = a.message_hash
         WHERE a.account_id = $1 GROUP BY 1, 2
       )
       INSERT INTO usage_day (account_id, day, event, events, value)
       SELECT $2, u.day, u.event, u.events - coalesce(b.events, 0), u.value - coalesce(b.value, 0)
       FROM usage_day u LEFT JOIN both_have b USING (day, event) WHERE u.account_id = $1
       ON CONFLICT (account_id, day, event) DO UPDATE SET events = usage_day.events + excluded.events,
         value = CASE WHEN excluded.value IS NULL THEN usage_day.value ELSE coalesce(usage_day.value, 0) + excluded.value END`,
      [from, into],
    );
    await manager.query(
      `INSERT INTO user_month (account_id, month, user_id, days) SELECT $2, month, user_id, days FROM user_month WHERE account_id = $1
       ON CONFLICT (account_id, month, user_id) DO UPDATE SET days = user_month.days | excluded.days`,
      [from, into],
    );
    await manager.query(
      `INSERT INTO event (account_id, at, message_hash, event, user_id, value, product, properties)
       SELECT $2, at, message_hash, event, user_id, value, product, properties FROM event WHERE account_id = $1 ON CONFLICT DO NOTHING`,
      [from, into],
    );
    await manager.query(
      `INSERT INTO clock_correction (account_id, told_at, message_hash, at)
       SELECT $2, told_at, message_hash, at FROM clock_correction WHERE account_id = $1 ON CONFLICT DO NOTHING`,
      [from, into],
    );
    for (const table of ['usage_day', 'user_month', 'event', 'clock_correction']) {
      await manager.query(`DELETE FROM ${table} WHERE account_id = $1`, [from]);
    }
    await manager.query('DELETE FROM usage_day WHERE account_id = $1 AND events <= 0', [into]);
  }

  private async columnsBeside(manager: EntityManager, table: string): Promise<string> {
    const rows: { name: string }[] = await manager.query(
      `SELECT quote_ident(attname) AS name FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'account_id'`,
      [table],
    );
    return rows.map((row) => row.name).join(', ');
  }

  /** After facts were removed or moved, the account exists from its earliest remaining fact. */
  async recomputeFirstFact(manager: EntityManager, accountId: number): Promise<void> {
    await manager.query(
      `UPDATE account SET first_fact_at = least(
         (SELECT min(day)::timestamp AT TIME ZONE 'UTC' FROM usage_day WHERE account_id = $1),
         (SELECT min(started_at) FROM subscription WHERE account_id = $1),
         (SELECT min(opened_at) FROM ticket WHERE account_id = $1),
         (SELECT min(issued_at) FROM invoice WHERE account_id = $1),
         (SELECT min(coalesce(sent_at, answered_at)) FROM survey WHERE account_id = $1),
         (SELECT min(at) FROM activity WHERE account_id = $1),
         (SELECT min(at) FROM gauge WHERE account_id = $1),
         (SELECT min(created_at) FROM account_state WHERE account_id IN (${WITH_MERGED})),
         (SELECT min(effective_at) FROM statement WHERE account_id IN (${WITH_MERGED}))
       ) WHERE account_id = $1`,
      [accountId],
    );
  }
}
