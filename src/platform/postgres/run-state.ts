import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, launch, type Launch, type Started } from './postmaster.js';
import {
  isAlive,
  isPostmaster,
  readPostmasterFile,
  removeEmptyFile,
  removeStaleFile,
} from './postmaster-pid.js';
import { OperatorError } from './operator-error.js';

/** Why a launch failed at once, matched in PostgreSQL's messages (which are never localized here). */
const ANOTHER_RUNS = /lock file "postmaster\.pid" already exists|lock file "postmaster\.pid" is empty/;
const ORPHANS_REMAIN = /pre-existing shared memory block/;
const DISK_FULL = /No space left on device/;
/** Two WAL files, which PostgreSQL needs to start after a crash. */
const ROOM_TO_START_BYTES = 32 * 1024 * 1024;
const PORT_TAKEN = /Address already in use|could not create any TCP\/IP sockets/;

const PORT_TRIES = 20;
const LOG_EVERY_MS = 5_000;

/**
 * Returns a postmaster on the folder that accepts connections: the running one, or a new one. Another process may start or stop one at the same time, so the state is checked again after each step. There is no timeout: crash recovery may take minutes, and its progress is logged.
 * @param fixedPort a port that others already use; without it a free one is chosen
 */
export async function findOrLaunch(
  plan: Launch,
  log: (line: string) => void,
  signal: AbortSignal,
  fixedPort?: number,
): Promise<Started & { launched: boolean }> {
  const report = throttled(log);
  let tries = PORT_TRIES;
  for (;;) {
    signal.throwIfAborted();
    const running = await findRunning(plan.clusterDir);
    if (running) {
      if (running.status === 'ready' && running.port) {
        return { pid: running.pid, port: running.port, launched: false };
      }
      report(`waiting for PostgreSQL (pid ${running.pid}), which is ${running.status ?? 'starting'}`);
      await sleep(100);
      continue;
    }
    const result = await launch(plan, fixedPort ?? (await freePort()), () =>
      report('PostgreSQL is starting; after a crash it recovers first'),
    );
    if ('pid' in result) return { ...result, launched: true };
    if (ORPHANS_REMAIN.test(result.output)) {
      report('waiting for the last processes of a killed PostgreSQL to end');
    } else if (PORT_TAKEN.test(result.output) && tries-- > 0) {
      report('the port was taken in the meantime');
    } else if (fixedPort !== undefined && (await isDiskFull(plan.clusterDir, result.output))) {
      // Others use this database, and it continues by itself once there is disk space.
      report('the disk of DATA_DIR is full: PostgreSQL starts again when there is room');
      await sleep(700);
    } else if (!ANOTHER_RUNS.test(result.output)) {
      throw new OperatorError(
        `PostgreSQL did not start; it wrote to ${plan.logFile}:\n${lastLines(result.output)}`,
      );
    }
    await sleep(300);
  }
}

export async function findRunning(clusterDir: string) {
  const file = await readPostmasterFile(clusterDir);
  if (!file) {
    await removeEmptyFile(clusterDir);
    return undefined;
  }
  if (await isPostmaster(file.pid, clusterDir)) return file;
  // PostgreSQL recognizes a dead pid itself, but takes a reused pid for another postmaster.
  if (isAlive(file.pid)) await removeStaleFile(clusterDir, file.text);
  return undefined;
}

/** On a full disk even PostgreSQL's error message may be missing. */
async function isDiskFull(folder: string, output: string): Promise<boolean> {
  if (DISK_FULL.test(output)) return true;
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < ROOM_TO_START_BYTES;
}

const lastLines = (output: string): string => output.trim().split('\n').slice(-12).join('\n');

/** Logs each distinct line at most every few seconds, and nothing for short waits. */
function throttled(log: (line: string) => void): (line: string) => void {
  const next = new Map<string, number>();
  return (line) => {
    const now = Date.now();
    const due = next.get(line) ?? now + 500;
    if (now >= due) log(line);
    next.set(line, now >= due ? now + LOG_EVERY_MS : due);
  };
}
