import { setTimeout as sleep } from 'node:timers/promises';
import { acquireOwnerLock, type OwnerLock } from './lock.js';
import { type Launch, shutDown, type Started, wasLaunchedAs } from './postmaster.js';
import { findOrLaunch, findRunning } from './run-state.js';
import { errorCode, OperatorError } from './operator-error.js';

export interface Claim {
  plan: Launch;
  dataDir: string;
  urlOf: (port: number) => string;
  log: (line: string) => void;
  signal: AbortSignal;
}

export interface Owned extends Started {
  lock: OwnerLock;
}

/** Makes sure that a server runs on the folder and takes its lock. A server owned by another process is left alone. */
export async function own(claim: Claim, fixedPort?: number): Promise<Owned> {
  const { plan, dataDir, urlOf, log, signal } = claim;
  for (; ; await sleep(200)) {
    const server = await findOrLaunch(plan, log, signal, fixedPort);
    const lock = await acquireOwnerLock(urlOf(server.port)).catch((error: unknown) => {
      if (isWrongPassword(error)) {
        throw new OperatorError(
          `The password in ${dataDir}/postgres.password is not accepted by the database.`,
        );
      }
      return undefined;
    });
    // It stopped, or is stopping, between the two steps.
    if (!lock) continue;
    if ('heldBy' in lock) {
      throw new OperatorError(`DATA_DIR ${dataDir} is in use by another Steward (pid ${lock.heldBy}).`);
    }
    const isUsable =
      server.port === (fixedPort ?? server.port) && (server.launched || (await wasLaunchedAs(plan)));
    if (isUsable) return { pid: server.pid, port: server.port, lock };
    log(`PostgreSQL (pid ${server.pid}) was started in another way than it is now: starting it again`);
    await shutDown(plan.clusterDir, server.pid);
  }
}

const isWrongPassword = (error: unknown): boolean => errorCode(error)?.startsWith('28') ?? false;

/**
 * Keeps the server running and owned by this process. The lock's connection ends when the server stops, and when the server drops all connections after one of its processes died. Both are recovered at the same address.
 * @returns never; rejects if the claim was aborted or another process owns the folder
 */
export async function keepOwned(claim: Claim, first: Owned): Promise<never> {
  for (let owned = first; ;) {
    const reason = await owned.lock.lost;
    claim.signal.throwIfAborted();
    claim.log(`the connection to PostgreSQL was lost (${reason.message}): making sure that it runs`);
    owned = await own(claim, first.port);
    claim.log(`PostgreSQL runs (pid ${owned.pid})`);
  }
}

/**
 * The lock is not released first: it ends with the server, so that no other process takes over a server that is about to stop.
 */
export async function shutDownOwned(clusterDir: string): Promise<void> {
  const running = await findRunning(clusterDir);
  if (running) await shutDown(clusterDir, running.pid);
}
