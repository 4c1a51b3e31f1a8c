import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Fields, Interval, Statement } from '../../accounts/states/fold.js';
import type { RecordKind } from './record-kind.js';

export interface RecordStatements {
  readonly accountId: number;
  readonly id: string;
  readonly statements: readonly Statement[];
}

interface ChangedStatement {
  readonly accountId: number;
  readonly id: string;
  readonly statement: Statement;
  readonly arrivedAt: number;
}

interface StatementRow {
  account_id: number;
  record_id: string;
  effective_ms: string;
  replaces: boolean;
  patch: Fields;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The statements that are superseded. Within a chunk, a superseding statement may itself be superseded. */
function supersededBy(
  changed: readonly ChangedStatement[],
): Map<Statement, Omit<ChangedStatement, 'arrivedAt'>> {
  const gone = new Map<Statement, Omit<ChangedStatement, 'arrivedAt'>>();
  for (const { accountId, id, statement } of changed) {
    // If one was visited before, so were those it supersedes.
    for (let other = statement.instead; other && !gone.has(other); other = other.instead)
      gone.set(other, { accountId, id, statement: other });
  }
  return gone;
}

/** Milliseconds as PostgreSQL reads a timestamptz, infinities included. */
export function timestamp(ms: number): string {
  if (ms === -Infinity) return '-infinity';
  return ms === Infinity ? 'infinity' : new Date(ms).toISOString();
}

@Injectable()
export class RecordsRepository {
  /** The statements of the given records, each in order of `effectiveAt`. */
  async statements(
    manager: EntityManager,
    kind: RecordKind,
    records: readonly { accountId: number; id: string }[],
  ): Promise<Map<string, Statement[]>> {
    const rows: StatementRow[] = await manager.query(
      `SELECT s.account_id, s.record_id, extract(epoch FROM s.effective_at) * 1000 AS effective_ms, s.replaces, s.patch
       FROM (SELECT DISTINCT * FROM unnest($2::int[], $3::text[]) AS t(account_id, id)) AS r
       JOIN statement s ON s.account_id = r.account_id AND s.kind = $1 AND s.record_id = r.id
       ORDER BY s.record_id, s.effective_at`,
      [kind.name, records.map((record) => record.accountId), records.map((record) => record.id)],
    );
    const found = new Map<string, Statement[]>();
    for (const row of rows) {
      const statement = { effectiveAt: Number(row.effective_ms), replaces: row.replaces, patch: row.patch };
      const list = found.get(row.record_id);
      if (list) list.push(statement);
      else found.set(row.record_id, [statement]);
    }
    return found;
  }

  /** Records of a kind whose statements contain one of the texts (lowercase). */
  async mentioning(
    manager: EntityManager,
    kind: RecordKind,
    accountIds: readonly number[],
    texts: readonly string[],
  ): Promise<{ accountId: number; id: string }[]> {
    return manager.query(
      `SELECT DISTINCT account_id AS "accountId", record_id AS id FROM statement
       WHERE kind = $1 AND account_id = ANY($2)
         AND EXISTS (SELECT FROM unnest($3::text[]) t WHERE strpos(lower(patch::text), t) > 0)`,
      [kind.name, accountIds, texts],
    );
  }

  /** Updates the patches of existing statements. */
  async savePatches(
    manager: EntityManager,
    kind: RecordKind,
    records: readonly RecordStatements[],
  ): Promise<void> {
    const rows = records.flatMap(({ accountId, id, statements }) =>
      statements.map(({ effectiveAt, patch }) => ({ accountId, id, effectiveAt, patch })),
    );
    await manager.query(
      `UPDATE statement s SET patch = t.patch
       FROM unnest($2::int[], $3::text[], $4::timestamptz[], $5::jsonb[]) AS t(account_id, id, effective_at, patch)
       WHERE s.account_id = t.account_id AND s.kind = $1 AND s.record_id = t.id AND s.effective_at = t.effective_at`,
      [
        kind.name,
        rows.map((row) => row.accountId),
        rows.map((row) => row.id),
        rows.map((row) => timestamp(row.effectiveAt)),
        rows.map((row) => JSON.stringify(row.patch)),
      ],
    );
  }

  /** Also deletes superseded statements. */
  async saveStatements(
    manager: EntityManager,
    kind: RecordKind,
    all: readonly ChangedStatement[],
  ): Promise<void> {
    const superseded = supersededBy(all);
    await this.deleteStatements(manager, kind, [...superseded.values()]);
    const changed = all.filter((row) => !superseded.has(row.statement));
    await manager.query(
      `INSERT INTO statement (account_id, kind, record_id, effective_at, replaces, patch, arrived_at)
       SELECT account_id, $1, id, effective_at, replaces, patch, arrived_at
       FROM unnest($2::int[], $3::text[], $4::timestamptz[], $5::boolean[], $6::jsonb[], $7::timestamptz[])
         AS t(account_id, id, effective_at, replaces, patch, arrived_at)
       ON CONFLICT (account_id, kind, record_id, effective_at)
       DO UPDATE SET replaces = excluded.replaces, patch = excluded.patch, arrived_at = excluded.arrived_at`,
      [
        kind.name,
        changed.map((row) => row.accountId),
        changed.map((row) => row.id),
        changed.map((row) => timestamp(row.statement.effectiveAt)),
        changed.map((row) => row.statement.replaces),
        changed.map((row) => JSON.stringify(row.statement.patch)),
        changed.map((row) => timestamp(row.arrivedAt)),
      ],
    );
  }

  private async deleteStatements(
    manager: EntityManager,
    kind: RecordKind,
    gone: readonly Omit<ChangedStatement, 'arrivedAt'>[],
  ): Promise<void> {
    if (gone.length === 0) return;
    await manager.query(
      `DELETE FROM statement s USING unnest($2::int[], $3::text[], $4::timestamptz[]) AS t(account_id, id, effective_at)
       WHERE s.account_id = t.account_id AND s.kind = $1 AND s.record_id = t.id AND s.effective_at = t.effective_at`,
      [
        kind.name,
        gone.map((row) => row.accountId),
        gone.map((row) => row.id),
        gone.map((row) => timestamp(row.statement.effectiveAt)),
      ],
    );
  }

  /** Replaces the folded rows of these records. */
  async saveIntervals(
    manager: EntityManager,
    kind: RecordKind,
    records: readonly { accountId: number; id: string; intervals: readonly Interval[] }[],
  ): Promise<void> {
    await this.deleteIntervals(manager, kind, records);
    const rows = records.flatMap(({ accountId, id, intervals }) =>
      intervals.map(({ from, to, fields }) => ({
        ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [snakeCase(name), value])),
        account_id: accountId,
        id,
        valid_from: timestamp(from),
        valid_to: timestamp(to),
      })),
    );
    await manager.query(
      `INSERT INTO ${kind.table} SELECT * FROM jsonb_populate_recordset(NULL::${kind.table}, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  async deleteIntervals(
    manager: EntityManager,
    kind: RecordKind,
    records: readonly { accountId: number; id: string }[],
  ): Promise<void> {
    await manager.query(
      `DELETE FROM ${kind.table} t USING unnest($1::int[], $2::text[]) AS r(account_id, id)
       WHERE t.account_id = r.account_id AND t.id = r.id`,
      [records.map((record) => record.accountId), records.map((record) => record.id)],
    );
  }
}
