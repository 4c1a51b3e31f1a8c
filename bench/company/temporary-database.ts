import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { makeTempDir } from '../../test/support/temp-dir.js';

export interface TemporaryDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A temporary migrated database, on its own embedded server or on that of TEST_DATABASE_URL. */
export async function temporaryDatabase(): Promise<TemporaryDatabase> {
  const given = process.env.TEST_DATABASE_URL;
  const database = given ? await onServer(given) : await embedded();
  try {
    const dataSource = await createDataSource(database.url, { poolSize: 2 }).initialize();
    await dataSource.runMigrations({ transaction: 'all' }).finally(() => dataSource.destroy());
    return database;
  } catch (error) {
    await database.drop();
    throw error;
  }
}

async function embedded(): Promise<TemporaryDatabase> {
  const dir = await makeTempDir('steward-company-');
  // The data is disposable, so commits need not wait for the disk.
  const flags = ['fsync=off', 'shared_buffers=256MB', 'max_wal_size=4GB'];
  const postgres = await startEmbeddedPostgres({
    dataDir: dir,
    log: () => undefined,
    postgresFlags: flags.flatMap((flag) => ['-c', flag]),
    allowUnsafe: true,
  });
  return {
    url: postgres.url,
    drop: async () => {
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function onServer(server: string): Promise<TemporaryDatabase> {
  const name = `steward_company_${randomBytes(6).toString('hex')}`;
  await run(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
