import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ProblemItem } from '../../platform/errors.js';
import type { EventInput } from '../events/event-input.js';
import { messageHash } from '../events/message-hash.js';
import type { RecordKindName } from '../records/record-kind.js';
import type { RecordInput } from '../records/records.service.js';
import { idsOfPerson, personOf } from '../users/person.sql.js';

export type WaitsFor = 'account' | 'user';

export interface HeldRecord {
  readonly waitsFor: WaitsFor;
  readonly ref: string;
  readonly input: RecordInput;
}

interface Row {
  readonly waitsFor: WaitsFor;
  readonly ref: string;
  readonly kind: string;
  readonly factKey: string;
  readonly id: string;
  readonly payload: EventInput | RecordInput;
}

export interface HeldRow extends Row {
  readonly receivedAt: Date;
  readonly problem: ProblemItem | null;
}

export interface MentioningRow extends HeldRow {
  readonly seq: string;
}

const COLUMNS = `waits_for AS "waitsFor", ref, kind, fact_key AS "factKey", id, payload, received_at AS "receivedAt", problem`;

/** Whether what the row of `q` waits for exists now. */
const KNOWN = `CASE waits_for
  WHEN 'account' THEN EXISTS (SELECT FROM account_ref r WHERE r.ref = q.ref)
  ELSE EXISTS (SELECT FROM (SELECT ${personOf('q.ref')} AS person OFFSET 0) known
    CROSS JOIN LATERAL (${idsOfPerson('person')}) same JOIN user_account u ON u.user_id = same.id) END`;

/** Facts whose account is not known yet, keyed like the fact itself, so that a repeated one is one row. `seq` is the order of arrival. */
@Injectable()
export class QuarantineRepository {
  async holdEvents(manager: EntityManager, events: readonly EventInput[], at: Date): Promise<void> {
    await this.hold(
      manager,
      events.map((event) => ({
        waitsFor: event.accountRef === undefined ? 'user' : 'account',
        ref: event.accountRef ?? event.userId ?? event.anonymousId ?? '',
        kind: 'events',
        factKey: `${event.toldAt ?? event.at} ${event.messageHash}`,
        id: event.messageHash,
        payload: event,
      })),
      at,
    );
  }

  async holdRecords(
    manager: EntityManager,
    kind: RecordKindName,
    records: readonly HeldRecord[],
    at: Date,
  ): Promise<void> {
    await this.hold(
      manager,
      records.map(({ waitsFor, ref, input }) => ({
        waitsFor,
        ref,
        kind,
        factKey: `${input.id} ${input.told?.at ?? input.effectiveAt ?? ''} ${input.replaces} ${messageHash(JSON.stringify(input.fields))}`,
        id: input.id,
        payload: input,
      })),
      at,
    );
  }

  private async hold(manager: EntityManager, rows: readonly Row[], at: Date): Promise<void> {
    if (rows.length === 0) return;
    const byKey = new Map<string, Row>();
    for (const row of rows) {
      const key = `${row.waitsFor} ${row.kind} ${row.ref} ${row.factKey}`;
      byKey.delete(key);
      byKey.set(key, row);
    }
    const held = [...byKey.values()];
    await manager.query(
      `INSERT INTO quarantine (waits_for, ref, kind, fact_key, id, payload, received_at)
       SELECT waits_for, ref, kind, fact_key, id, payload, $7
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
         AS t(waits_for, ref, kind, fact_key, id, payload)
       ON CONFLICT (waits_for, ref, kind, fact_key)
       DO UPDATE SET payload = excluded.payload, received_at = excluded.received_at, seq = DEFAULT, problem = NULL`,
      [
        held.map((row) => row.waitsFor),
        held.map((row) => row.ref),
        held.map((row) => row.kind),
        held.map((row) => row.factKey),
        held.map((row) => row.id),
        held.map((row) => JSON.stringify(row.payload)),
        at,
      ],
    );
  }

  /** Kinds of the facts waiting for one of these. */
  async kindsWaiting(manager: EntityManager, waitsFor: WaitsFor, refs: readonly string[]): Promise<string[]> {
    const rows: { kind: string }[] = await manager.query(
      'SELECT DISTINCT kind FROM quarantine WHERE waits_for = $1 AND ref = ANY($2) AND problem IS NULL',
      [waitsFor, refs],
    );
    return rows.map((row) => row.kind);
  }

  /**
   * Locks up to `limit` rows of a kind that waited for one of these and can be processed, oldest first; rows rejected earlier are skipped.
   */
  async claimDue(
    manager: EntityManager,
    kind: string,
    waitsFor: WaitsFor,
    refs: readonly string[],
    limit: number,
  ): Promise<HeldRow[]> {
    return manager.query(
      `SELECT ${COLUMNS} FROM quarantine q
       WHERE waits_for = $1 AND kind = $2 AND ref = ANY($3) AND problem IS NULL AND ${KNOWN}
       ORDER BY seq LIMIT $4 FOR UPDATE`,
      [waitsFor, kind, refs, limit],
    );
  }

  /** Refs that facts wait for although they are known by now, because the fact and the account arrived at the same time. */
  async crossed(manager: EntityManager): Promise<{ accounts: string[]; users: string[] }> {
    // Many facts wait for few refs, so list the refs first, from the index alone; almost none of the known ones still have facts.
    const rows: { waits_for: WaitsFor; ref: string }[] = await manager.query(
      `WITH waiting AS MATERIALIZED (SELECT DISTINCT ref, waits_for FROM quarantine),
       users AS MATERIALIZED (SELECT ref, ${personOf('ref')} AS person FROM waiting WHERE waits_for = 'user'),
       known AS (
         SELECT waits_for, ref FROM waiting JOIN account_ref USING (ref) WHERE waits_for = 'account'
         UNION ALL SELECT 'user', ref FROM users JOIN (
           SELECT DISTINCT person FROM (SELECT DISTINCT person FROM users) AS asked
           CROSS JOIN LATERAL (${idsOfPerson('person')}) same JOIN user_account u ON u.user_id = same.id
         ) AS placed USING (person)
       )
       SELECT waits_for, ref FROM known k
       WHERE EXISTS (SELECT FROM quarantine q WHERE q.ref = k.ref AND q.waits_for = k.waits_for AND q.problem IS NULL)
       LIMIT 10000`,
    );
    const refs = (kind: WaitsFor) => rows.filter((row) => row.waits_for === kind).map((row) => row.ref);
    return { accounts: refs('account'), users: refs('user') };
  }

  /** Up to `limit` rows after `seq` in whose JSON one of the texts (lower case) occurs. */
  async mentioning(
    manager: EntityManager,
    texts: readonly string[],
    after: string,
    limit: number,
  ): Promise<MentioningRow[]> {
    // An event's properties are JSON in a string, so their quotes would be escaped twice.
    return manager.query(
      `SELECT seq, ${COLUMNS} FROM quarantine
       CROSS JOIN LATERAL (SELECT lower(concat_ws(' ', payload - 'properties', payload ->> 'properties', to_json(ref))) AS json OFFSET 0) q
       WHERE seq > $2 AND EXISTS (SELECT FROM unnest($1::text[]) t WHERE strpos(q.json, t) > 0)
       ORDER BY seq LIMIT $3`,
      [texts, after, limit],
    );
  }

  async rewrite(
    manager: EntityManager,
    { waitsFor, ref, kind, factKey }: HeldRow,
    changed: Pick<HeldRow, 'ref' | 'payload'>,
  ): Promise<void> {
    await manager.query(
      `UPDATE quarantine SET ref = $5, payload = $6 WHERE waits_for = $1 AND ref = $2 AND kind = $3 AND fact_key = $4`,
      [waitsFor, ref, kind, factKey, changed.ref, JSON.stringify(changed.payload)],
    );
  }

  async remove(manager: EntityManager, rows: readonly HeldRow[]): Promise<void> {
    await manager.query(
      `DELETE FROM quarantine q USING unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS t(waits_for, ref, kind, fact_key)
       WHERE q.waits_for = t.waits_for AND q.ref = t.ref AND q.kind = t.kind AND q.fact_key = t.fact_key`,
      keysOf(rows),
    );
  }

  /** Deletes earlier attempts of records that are stored now, such as with another account. */
  async forgetRefused(manager: EntityManager, kind: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await manager.query('DELETE FROM quarantine WHERE kind = $1 AND id = ANY($2) AND problem IS NOT NULL', [
      kind,
      ids,
    ]);
  }

  /** Keeps the row with its reason and does not retry it until it is resent. */
  async refuse(
    manager: EntityManager,
    refused: readonly { row: HeldRow; problem: ProblemItem }[],
  ): Promise<void> {
    if (refused.length === 0) return;
    await manager.query(
      `UPDATE quarantine q SET problem = t.problem
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) AS t(waits_for, ref, kind, fact_key, problem)
       WHERE q.waits_for = t.waits_for AND q.ref = t.ref AND q.kind = t.kind AND q.fact_key = t.fact_key`,
      [...keysOf(refused.map(({ row }) => row)), refused.map(({ problem }) => JSON.stringify(problem))],
    );
  }
}

function keysOf(rows: readonly HeldRow[]): string[][] {
  return [
    rows.map((row) => row.waitsFor),
    rows.map((row) => row.ref),
    rows.map((row) => row.kind),
    rows.map((row) => row.factKey),
  ];
}
