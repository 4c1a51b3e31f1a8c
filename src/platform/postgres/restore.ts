import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DataSource, QueryRunner } from 'typeorm';
import { type BackupHeader, BackupReader, type BackupTable, verifyBackup } from './backup-format.js';
import { columnsOf, listPartitions, listTables, quoted, SESSION, summarise } from './backup-tables.js';
import { OperatorError } from './operator-error.js';

/** As TypeORM creates it, so that migrations of a newer release continue from here. */
const MIGRATIONS_TABLE =
  'CREATE TABLE migrations (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar NOT NULL)';

/**
 * Restores a backup into an empty database: creates the tables with the migrations listed in the backup, fills them and compares counts and checksums. All of it is one transaction, so a failure leaves the database empty. Later migrations are up to the caller. Tables that no migration creates are skipped and not reported.
 * @param dataSource initialized
 */
export async function restore(dataSource: DataSource, file: string): Promise<BackupHeader> {
  const header = await verifyBackup(file);
  const known = new Map(
    dataSource.migrations.map((migration) => [migration.name ?? migration.constructor.name, migration]),
  );
  const unknown = header.migrations.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new OperatorError(
      `${file} was written by a newer release of Steward (it knows ${unknown.join(', ')}): restore it with that one.`,
    );
  }
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as ClientBase;
  try {
    await runner.startTransaction();
    await client.query(SESSION.replaceAll('SET ', 'SET LOCAL '));
    await assertEmpty(client);
    await client.query(MIGRATIONS_TABLE);
    for (const name of header.migrations) await known.get(name)?.up(runner);
    const kept = await withoutForeign(client, header);
    await load(client, kept, file);
    await verify(client, kept);
    await runner.commitTransaction();
    await client.query('ANALYZE');
    return kept;
  } catch (error) {
    await rollBack(runner);
    throw error;
  } finally {
    await runner.release();
  }
}

async function assertEmpty(client: ClientBase): Promise<void> {
  const tables = await listTables(client);
  if (tables.length === 0) return;
  throw new OperatorError(
    `The database is not empty (it has the tables ${tables.map(({ name }) => name).join(', ')}). ` +
      'Restore a backup into a new DATA_DIR or an empty database (DATABASE_URL), before the service first starts on it.',
  );
}

async function withoutForeign(client: ClientBase, header: BackupHeader): Promise<BackupHeader> {
  const present = new Set((await listTables(client)).map(({ name }) => name));
  return { ...header, tables: header.tables.filter(({ name }) => present.has(name)) };
}

async function load(client: ClientBase, header: BackupHeader, file: string): Promise<void> {
  const present = new Set((await listPartitions(client)).map(({ name }) => name));
  for (const { name, parent, bounds } of header.partitions) {
    if (present.has(name)) continue;
    await client.query(`CREATE TABLE ${quoted(name)} PARTITION OF ${quoted(parent)} ${bounds}`);
  }
  if (header.tables.length > 0) {
    // Rows inserted by migrations are part of the backup.
    await client.query(`TRUNCATE ${header.tables.map(({ name }) => quoted(name)).join(', ')}`);
  }
  const reader = new BackupReader(file);
  try {
    const kept = new Map(header.tables.map((table) => [table.name, table]));
    for (const { name } of (await reader.header()).tables) {
      const table = kept.get(name);
      if (table) await loadTable(client, table, reader);
      else await passOver(reader);
    }
    await reader.end();
  } finally {
    reader.close();
  }
  for (const { name, lastValue } of header.sequences) {
    if (lastValue !== null)
      await client.query('SELECT setval(to_regclass($1), $2)', [quoted(name), lastValue]);
  }
}

async function loadTable(client: ClientBase, table: BackupTable, reader: BackupReader): Promise<void> {
  await client.query(`ALTER TABLE ${quoted(table.name)} DISABLE TRIGGER USER`);
  // COPY accepts explicit values for identity columns.
  await pipeline(
    reader.table(),
    client.query(copyFrom(`COPY ${quoted(table.name)} (${columnsOf(table)}) FROM STDIN`)),
  );
  await client.query(`ALTER TABLE ${quoted(table.name)} ENABLE TRIGGER USER`);
}

async function passOver(reader: BackupReader): Promise<void> {
  const rows = reader.table();
  while (!(await rows.next()).done);
}

async function verify(client: ClientBase, header: BackupHeader): Promise<void> {
  for (const table of header.tables) {
    const { rows, checksum } = await summarise(client, table);
    if (rows !== table.rows || checksum !== table.checksum) {
      throw new OperatorError(
        `Table ${table.name} came out different (${rows} rows instead of ${table.rows}, or other content): nothing was restored.`,
      );
    }
  }
}

/** Keeps the original error rather than that of a rollback on a dead connection. */
async function rollBack(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
}
