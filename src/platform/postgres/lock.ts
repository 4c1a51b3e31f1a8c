import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isAlive } from './postmaster-pid.js';

/** Arbitrary, but no release may change it. Held in the database `postgres`, so it does not collide with the service's locks. */
const KEY = 7_783_927_001;
const NAME = 'steward pid ';

/** Retry for this long: a killed owner's session ends as soon as the server notices its closed socket. */
const PATIENCE_MS = 5_000;

export interface OwnerLock {
  /** Why the session ended, if it ends before `release`. */
  lost: Promise<Error>;
  release(): Promise<void>;
}

/**
 * Whoever holds the lock owns the data folder. It is a session lock on a dedicated connection, so it ends with the process and needs no cleanup.
 * @returns the lock, or the id of the process that holds it
 */
export async function acquireOwnerLock(url: string): Promise<OwnerLock | { heldBy: string }> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `${NAME}${process.pid}`,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    ssl: false,
  });
  const lost = new Promise<Error>((resolve) => {
    client.once('error', resolve);
    client.once('end', () => resolve(new Error('the connection ended')));
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(100)) {
      const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
        KEY,
      ]);
      if (rows[0]?.locked) return { lost, release: () => client.end() };
      const heldBy = await findHolder(client);
      if (Date.now() >= deadline || (heldBy && isAnother(Number(heldBy)))) {
        await client.end();
        return { heldBy: heldBy ?? 'unknown' };
      }
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function findHolder(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32) + l.objid::bigint = $1`,
    [KEY],
  );
  return rows[0]?.name.slice(NAME.length);
}

/** Our own pid may belong to a session this process just lost, or to a predecessor in a container. */
const isAnother = (pid: number): boolean => pid !== process.pid && isAlive(pid);
