import { realpath } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { prepareBinaries } from './binaries.js';
import { assertSameMajor, clusterDirOf, ensureCluster, SUPERUSER } from './cluster.js';
import { assertDurable } from './durability.js';
import { databaseUser, type OsUser } from './os-user.js';
import { type Claim, keepOwned, own, shutDownOwned } from './ownership.js';
import { type Launch, postmasterFlags, socketDirOf, requestShutdown } from './postmaster.js';
import { findClosedFolder, makeEnterable } from './reachable.js';
import { errorCode, OperatorError } from './operator-error.js';

export const DATABASE = 'steward';

export interface EmbeddedOptions {
  dataDir: string;
  log: (line: string) => void;
  /** Additional arguments of `postgres`; they override the defaults. */
  postgresFlags?: string[];
  /** Allows tests to run with fsync off. */
  allowUnsafe?: boolean;
  /**
   * Called if the database is gone and cannot be restarted at the same address, because another process owns the data
   * folder. A postmaster that merely died is restarted without this call.
   */
  onLost?: (reason: Error) => void;
}

export interface EmbeddedPostgres {
  url: string;
  pid: number;
  stop(): Promise<void>;
  /** Tells the database to shut down without waiting for it: for a process that exits at once. */
  abandon(): void;
}

/**
 * Opens the database of a data folder exclusively: creates it at the first start, adopts a postmaster left running by a
 * killed process, and waits for crash recovery. Rejects with an OperatorError that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log, allowUnsafe = false } = options;
  const dataDir = await openDataDir(options.dataDir);
  const clusterDir = clusterDirOf(dataDir);
  const user = await databaseUser(clusterDir);
  if (user) await assertReachable(dataDir, user);
  const binaries = await prepareBinaries(dataDir, user);
  await assertSameMajor(dataDir, binaries.major);
  const password = await ensureCluster(dataDir, binaries, user);
  const plan: Launch = {
    clusterDir,
    logFile: path.join(dataDir, 'postgres.log'),
    binaries,
    user,
    flags: postmasterFlags(clusterDir, options.postgresFlags ?? []),
  };
  const urlOf = (port: number, database: string) =>
    `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  const stopping = new AbortController();
  const claim: Claim = {
    plan,
    dataDir,
    urlOf: (port) => urlOf(port, 'postgres'),
    log,
    signal: stopping.signal,
  };

  const owned = await own(claim);
  let ownedStill = true;
  const stop = async (): Promise<void> => {
    stopping.abort();
    if (ownedStill) await shutDownOwned(clusterDir);
    ownedStill = false;
  };
  try {
    await ensureDatabase(urlOf(owned.port, 'postgres'), allowUnsafe);
  } catch (error) {
    await stop();
    throw error;
  }
  void keepOwned(claim, owned).catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    ownedStill = false;
    options.onLost?.(error instanceof Error ? error : new Error(String(error)));
  });
  const socketDir = socketDirOf(clusterDir);
  const socket = socketDir === undefined ? '' : `?host=${encodeURIComponent(socketDir)}`;
  const abandon = (): void => {
    if (ownedStill) requestShutdown(owned.pid);
  };
  return { url: urlOf(owned.port, DATABASE) + socket, pid: owned.pid, stop, abandon };
}

async function openDataDir(dataDir: string): Promise<string> {
  try {
    await makeEnterable(path.resolve(dataDir));
    return await realpath(dataDir);
  } catch (error) {
    throw new OperatorError(`DATA_DIR ${dataDir} cannot be created or opened (${errorCode(error)}).`, {
      cause: error,
    });
  }
}

async function assertReachable(dataDir: string, user: OsUser): Promise<void> {
  const closed = await findClosedFolder(dataDir, user);
  if (closed === undefined) return;
  throw new OperatorError(
    `DATA_DIR ${dataDir}: PostgreSQL does not run as root but as user ${user.uid}, which may not enter ${closed}. ` +
      `Open it (chmod o+x ${closed}) or choose another DATA_DIR, such as /var/lib/steward.`,
  );
}

async function ensureDatabase(url: string, allowUnsafe: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await assertDurable(async (sql) => (await client.query<pg.QueryResultRow>(sql)).rows, allowUnsafe);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}
