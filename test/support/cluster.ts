import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { makeTempDir, tempRoot } from './temp-dir.js';

const PREFIX = 'steward-test-';

/**
 * Starts one server with a migrated template for all test files of a run: an embedded one in its own folder, or that of TEST_DATABASE_URL.
 * Concurrent runs share nothing: on an external server each uses its own database names.
 * @returns a function that stops it
 */
export async function start(): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: () => Promise.resolve() } : await startCluster();
  const template = `steward_template_${randomBytes(6).toString('hex')}`;
  const stop = async (): Promise<void> => {
    if (given) await dropDatabases(given, template);
    await server.stop();
  };
  try {
    await runSql(server.url, `CREATE DATABASE ${template}`);
    await migrate(withDatabase(server.url, template));
  } catch (error) {
    await stop();
    throw error;
  }
  process.env.STEWARD_TEST_SERVER = server.url;
  process.env.STEWARD_TEST_TEMPLATE = template;
  return stop;
}

async function startCluster(): Promise<{ url: string; stop: () => Promise<void> }> {
  await removeLeftBehind();
  const dir = await makeTempDir(PREFIX);
  await writeFile(path.join(dir, 'runner.pid'), String(process.pid));
  // Durability is tested on separate clusters; commits need not wait for the disk here.
  const flags = [
    'fsync=off',
    'shared_buffers=128MB',
    'max_connections=200',
    'max_wal_size=512MB',
    'min_wal_size=128MB',
  ];
  const postgres = await startEmbeddedPostgres({
    dataDir: dir,
    log: () => undefined,
    postgresFlags: flags.flatMap((flag) => ['-c', flag]),
    allowUnsafe: true,
  });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Cleans up after a killed run: stops its server and removes its folder. */
async function removeLeftBehind(): Promise<void> {
  for (const name of await readdir(tempRoot())) {
    if (!name.startsWith(PREFIX)) continue;
    const dir = path.join(tempRoot(), name);
    const runner = Number(await readFile(path.join(dir, 'runner.pid'), 'utf8').catch(() => ''));
    if (!runner || isAlive(runner)) continue;
    await startEmbeddedPostgres({ dataDir: dir, log: () => undefined, allowUnsafe: true })
      .then((left) => left.stop())
      .catch(() => undefined);
    await rm(dir, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function migrate(url: string): Promise<void> {
  const dataSource = await createDataSource(url, { poolSize: 2 }).initialize();
  try {
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await dataSource.destroy();
  }
}

/** Test databases are named after their template, so those left by failed test files are dropped too. */
async function dropDatabases(url: string, template: string): Promise<void> {
  const rows = await runSql<{ datname: string }>(
    url,
    `SELECT datname FROM pg_database WHERE datname LIKE '${template}%'`,
  );
  for (const { datname } of rows) await runSql(url, `DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
}

async function runSql<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
