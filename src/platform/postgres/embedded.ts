import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { prepareBinaries } from './binaries.js';
import { assertSameMajor, clusterDirOf, ensureCluster, SUPERUSER } from './cluster.js';
import { assertDurable } from './durability.js';
import { acquireOwnerLock, type OwnerLock } from './lock.js';
import { databaseUser, type OsUser } from './os-user.js';
import { type Launch, postmasterFlags, shutDown, type Started, wasLaunchedAs } from './postmaster.js';
import { findClosedFolder, makeEnterable } from './reachable.js';
import { findOrLaunch } from './run-state.js';
import { errorCode, StartError } from './start-error.js';

const DATABASE = 'steward';

export interface EmbeddedOptions {
  dataDir: string;
  log: (line: string) => void;
  /** Further arguments of `postgres`; they win over the default ones. */
  postgresFlags?: string[];
  /** Lets a test run with fsync off. */
  allowUnsafe?: boolean;
  /** The database went away and could not be had back: the data folder is no longer this process's. */
  onLost?: (reason: Error) => void;
}

export interface EmbeddedPostgres {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

interface Owned extends Started {
  lock: OwnerLock;
}

/**
 * Gives the database of a data folder to this process alone: makes it at the first start, adopts a postmaster that an earlier, killed
 * process left running, waits for recovery after a crash. Rejects with a StartError that says what to do.
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
    flags: postmasterFlags(options.postgresFlags ?? []),
  };
  const urlOf = (port: number, database: string) =>
    `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;

  const owned = await own(plan, dataDir, (port) => urlOf(port, 'postgres'), log);
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    // The lock goes down with the server, not before: in between another start would take over a server about to stop.
    await shutDown(clusterDir, owned.pid);
    await owned.lock.release().catch(() => undefined);
  };
  try {
    await ensureDatabase(urlOf(owned.port, 'postgres'), allowUnsafe);
  } catch (error) {
    await stop();
    throw error;
  }
  void owned.lock.lost.then((reason) => {
    if (!stopping) options.onLost?.(reason);
  });
  return { url: urlOf(owned.port, DATABASE), pid: owned.pid, stop };
}

async function openDataDir(dataDir: string): Promise<string> {
  try {
    await makeEnterable(path.resolve(dataDir));
    return await realpath(dataDir);
  } catch (error) {
    throw new StartError(`DATA_DIR ${dataDir} cannot be made or opened (${errorCode(error)}).`, {
      cause: error,
    });
  }
}

async function assertReachable(dataDir: string, user: OsUser): Promise<void> {
  const closed = await findClosedFolder(dataDir, user);
  if (closed === undefined) return;
  throw new StartError(
    `DATA_DIR ${dataDir}: PostgreSQL does not run as root but as user ${user.uid}, which may not enter ${closed}. ` +
      `Open it (chmod o+x ${closed}) or choose another DATA_DIR, such as /var/lib/steward.`,
  );
}

async function own(
  plan: Launch,
  dataDir: string,
  urlOf: (port: number) => string,
  log: (line: string) => void,
): Promise<Owned> {
  for (;;) {
    const server = await findOrLaunch(plan, log);
    const lock = await acquireOwnerLock(urlOf(server.port)).catch((error: unknown) => {
      if (errorCode(error)?.startsWith('28')) throw error;
      log(`waiting for PostgreSQL (pid ${server.pid})`);
      return undefined;
    });
    if (lock && 'heldBy' in lock) {
      throw new StartError(`DATA_DIR ${dataDir} is in use by another Steward (pid ${lock.heldBy}).`);
    }
    if (lock && (server.launched || (await wasLaunchedAs(plan)))) return { ...server, lock };
    if (lock) {
      log(`PostgreSQL (pid ${server.pid}) runs with other settings than this release's: restarting it`);
      await shutDown(plan.clusterDir, server.pid);
    }
    await sleep(200);
  }
}

async function ensureDatabase(url: string, allowUnsafe: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await assertDurable(async (sql) => (await client.query(sql)).rows, allowUnsafe);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}
