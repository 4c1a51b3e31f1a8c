import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type BackupHeader, FrameWriter } from './backup-format.js';
import { columnsOf, listPartitions, listTables, quoted, SESSION, summarise } from './backup-tables.js';
import { errorCode, OperatorError } from './operator-error.js';

const ATTEMPTS = 5;

/**
 * Writes all tables as of one moment to a new file, while the service may keep running. The file gets its name once it is
 * complete and on disk. It contains personal data and the installation's secret, so only its owner may read it.
 */
export async function backUp(url: string, file: string): Promise<BackupHeader> {
  const target = path.resolve(file);
  if (await exists(target)) throw new OperatorError(`${file} already exists.`);
  const partial = `${target}.${randomBytes(6).toString('hex')}.partial`;
  const client = new pg.Client({ connectionString: url, application_name: 'steward backup' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(SESSION);
    const header = await beginSnapshot(client);
    const output = createWriteStream(partial, { mode: 0o600, flags: 'wx' });
    await pipeline(Readable.from(content(client, header)), createGzip({ level: 4 }), output);
    await client.query('COMMIT');
    await syncFile(partial);
    await rename(partial, target);
    return header;
  } finally {
    await client.end().catch(() => undefined);
    await rm(partial, { force: true });
  }
}

/** If a partition is dropped before it is locked, the list of tables is out of date. */
async function beginSnapshot(client: pg.Client): Promise<BackupHeader> {
  for (let attempt = 1; ; attempt++) {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      return await describe(client);
    } catch (error) {
      await client.query('ROLLBACK');
      if (errorCode(error) !== '42P01' || attempt === ATTEMPTS) throw error;
    }
  }
}

async function describe(client: pg.Client): Promise<BackupHeader> {
  const tables = await listTables(client);
  if (!tables.some(({ name }) => name === 'migrations')) {
    throw new OperatorError('This database contains no Steward data, so there is nothing to back up.');
  }
  await client.query(`LOCK TABLE ${tables.map(({ name }) => quoted(name)).join(', ')} IN ACCESS SHARE MODE`);
  const summaries = [];
  for (const table of tables) summaries.push({ ...table, ...(await summarise(client, table)) });
  const version = await client.query<{ server_version: string }>('SHOW server_version');
  const migrations = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
  const sequences = await client.query<{ name: string; last_value: string | null }>(
    `SELECT sequencename AS name, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`,
  );
  return {
    format: 'steward-backup',
    version: 1,
    createdAt: new Date().toISOString(),
    serverVersion: version.rows[0]?.server_version ?? '',
    migrations: migrations.rows.map(({ name }) => name),
    partitions: await listPartitions(client),
    tables: summaries,
    sequences: sequences.rows.map(({ name, last_value }) => ({ name, lastValue: last_value })),
  };
}

async function* content(client: pg.Client, header: BackupHeader): AsyncGenerator<Buffer> {
  const frames = new FrameWriter();
  yield frames.frame(Buffer.from(JSON.stringify(header)));
  for (const table of header.tables) {
    const rows = client.query(
      copyTo(`COPY (SELECT ${columnsOf(table)} FROM ${quoted(table.name)}) TO STDOUT`),
    );
    for await (const chunk of rows as AsyncIterable<Buffer>) if (chunk.length > 0) yield frames.frame(chunk);
    yield frames.frame(Buffer.alloc(0));
  }
  yield frames.end();
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  await handle.sync().finally(() => handle.close());
}
