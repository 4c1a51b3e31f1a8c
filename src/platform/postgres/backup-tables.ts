import type { ClientBase } from 'pg';
import pg from 'pg';
import type { BackupHeader, BackupTable } from './backup-format.js';

/** Session settings that affect how rows are printed, so that a row has the same text on any server. */
export const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET client_encoding = 'UTF8'; SET statement_timeout = 0; SET lock_timeout = 0;
  SET idle_in_transaction_session_timeout = 0; SET search_path = public`;

export const quoted = (name: string): string => pg.escapeIdentifier(name);
export const columnsOf = ({ columns }: Pick<BackupTable, 'columns'>): string =>
  columns.map(quoted).join(', ');

/** Ordinary and partitioned tables in the schema `public`; partitions are read and loaded through their parent. */
export async function listTables(client: ClientBase): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; refers_to: string[] }>(`
    SELECT c.relname AS name,
      array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
      array(SELECT DISTINCT r.relname::text FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
            WHERE k.conrelid = c.oid AND k.contype = 'f' AND r.oid <> c.oid) AS refers_to
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname`);
  return inOrderOfReference(rows).map(({ name, columns }) => ({ name, columns }));
}

function inOrderOfReference<T extends { name: string; refers_to: string[] }>(tables: T[]): T[] {
  const ordered = new Map<string, T>();
  const visiting = new Set<string>();
  const visit = (table: T): void => {
    if (ordered.has(table.name) || visiting.has(table.name)) return;
    visiting.add(table.name);
    for (const name of table.refers_to) {
      const other = tables.find((candidate) => candidate.name === name);
      if (other) visit(other);
    }
    ordered.set(table.name, table);
  };
  tables.forEach(visit);
  return [...ordered.values()];
}

export async function listPartitions(client: ClientBase): Promise<BackupHeader['partitions']> {
  const { rows } = await client.query<BackupHeader['partitions'][number]>(`
    WITH RECURSIVE tree AS (
      SELECT c.oid, 0 AS depth FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
      UNION ALL SELECT i.inhrelid, depth + 1 FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
    SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bounds
    FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
    WHERE c.relkind = 'r' ORDER BY depth, c.relname`);
  return rows;
}

/** The row count, and a checksum that does not depend on row order or PostgreSQL version. */
export async function summarise(
  client: ClientBase,
  table: Pick<BackupTable, 'name' | 'columns'>,
): Promise<Pick<BackupTable, 'rows' | 'checksum'>> {
  const { rows } = await client.query<{ rows: string; checksum: string }>(`
    SELECT count(*) AS rows, coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0)::text || '/' ||
      coalesce(sum(('x' || right(h, 16))::bit(64)::bigint::numeric), 0)::text AS checksum
    FROM (SELECT md5(ROW(${columnsOf(table)})::text) AS h FROM ${quoted(table.name)}) hashed`);
  return { rows: Number(rows[0]?.rows), checksum: rows[0]?.checksum ?? '' };
}
