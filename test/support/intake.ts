import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { RollUpService } from '../../src/intake/events/roll-up.service.js';
import type { TestApp } from './app.js';
import { client, type Answer } from './client.js';

export interface Call {
  type: string;
  messageId: string;
  timestamp: string;
  userId?: string;
  anonymousId?: string;
  [field: string]: unknown;
}

let serial = 0;

/** A `track` call from a few days ago; `group` is its `context.groupId`. */
export function track({ group, ...over }: Partial<Call> & { group?: string } = {}): Call {
  return {
    type: 'track',
    messageId: `m-${++serial}`,
    event: 'Opened',
    timestamp: daysAgo(3),
    ...(group !== undefined && { context: { groupId: group } }),
    ...over,
  };
}

export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}

/** Sends calls as one batch and checks that the response accounts for all of them. */
export async function batch(app: TestApp, calls: readonly object[]): Promise<Answer> {
  const answer = await client(app).call('POST', '/v1/batch', { batch: calls });
  const { received, accepted, duplicates, quarantined, rejected } = answer.body as Record<string, number>;
  expect(answer.status).toBeLessThan(300);
  expect(received).toBe(calls.length);
  expect((accepted ?? 0) + (duplicates ?? 0) + (quarantined ?? 0) + (rejected ?? 0)).toBe(received);
  return answer;
}

export interface Counted {
  /** Events by `account day event`. */
  days: Record<string, number>;
  /** Active days by `account user`. */
  users: Record<string, number>;
}

/** The roll-ups after all accepted events have been drained. */
export async function counted(app: TestApp): Promise<Counted> {
  await app.app.get(RollUpService, { strict: false }).drain();
  const days: { key: string; events: number }[] = await app.dataSource.query(
    `SELECT a.id || ' ' || day || ' ' || event AS key, events FROM usage_day JOIN account a USING (account_id) ORDER BY 1`,
  );
  const users: { key: string; days: number }[] = await app.dataSource.query(
    `SELECT a.id || ' ' || user_id AS key, sum(bit_count(days::bit(32)))::int AS days
     FROM user_month JOIN account a USING (account_id) GROUP BY 1 ORDER BY 1`,
  );
  return {
    days: Object.fromEntries(days.map((row) => [row.key, row.events])),
    users: Object.fromEntries(users.map((row) => [row.key, row.days])),
  };
}

/** Like `tracesOf`, after the changed accounts have been rescored: until then the list shows their previous state. */
export async function remainingTraces(dataSource: DataSource, texts: readonly string[]): Promise<string[]> {
  for (const until = Date.now() + 60_000; ; await sleep(200)) {
    const found = await tracesOf(dataSource, texts);
    const inList = found.filter((column) => column.startsWith('account_current.'));
    if (inList.length === 0 || inList.length < found.length || Date.now() > until) return found;
  }
}

/** Every column of every table that contains one of the texts, as `table.column`. */
export async function tracesOf(dataSource: DataSource, texts: readonly string[]): Promise<string[]> {
  const columns: { column: string; relation: string; name: string }[] = await dataSource.query(
    `SELECT c.relname || '.' || a.attname AS column, quote_ident(c.relname) AS relation, quote_ident(a.attname) AS name
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> 'account_next'
       AND a.attnum > 0 AND NOT a.attisdropped`,
  );
  const found: string[] = [];
  for (const { column, relation, name } of columns) {
    const [row]: { n: number }[] = await dataSource.query(
      `SELECT count(*)::int AS n FROM ${relation}
       WHERE EXISTS (SELECT FROM unnest($1::text[]) t WHERE strpos(lower(${name}::text), lower(t)) > 0)`,
      [texts],
    );
    if ((row?.n ?? 0) > 0) found.push(column);
  }
  return found;
}
