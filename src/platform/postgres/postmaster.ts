import { spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { childEnvironment } from './cluster.js';
import type { OsUser } from './os-user.js';
import { isPostmaster, readPostmasterFile } from './postmaster-pid.js';

const POLL_MS = 50;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Tuned for 2 cores and part of 24 GiB. Errors are logged without rows or statements, which contain personal data. */
const FLAGS = [
  'listen_addresses=127.0.0.1',
  'fsync=on',
  'full_page_writes=on',
  'synchronous_commit=on',
  'effective_cache_size=4GB',
  'maintenance_work_mem=256MB',
  'work_mem=16MB',
  'max_wal_size=4GB',
  'min_wal_size=512MB',
  // Off: compressing full-page writes costs more time than it saves on disk.
  'wal_compression=off',
  'checkpoint_timeout=15min',
  'random_page_cost=1.1',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_line_prefix=%m [%p] ',
  'log_error_verbosity=terse',
  'log_min_error_statement=panic',
  'log_parameter_max_length_on_error=0',
].flatMap((flag) => ['-c', flag]);

export interface Launch {
  clusterDir: string;
  logFile: string;
  binaries: Binaries;
  user: OsUser | undefined;
  /** Without the port, so that it can be compared with the flags of a running one. */
  flags: string[];
}

export interface Started {
  pid: number;
  port: number;
}

/** Maximum length of a socket path; with a longer one only TCP on 127.0.0.1 is used. */
const SOCKET_PATH_LIMIT = 107;

/**
 * The socket folder, next to the data and with the same permissions; faster than TCP for large statements. Undefined if
 * the path is too long or would be parsed as a list.
 */
export function socketDirOf(clusterDir: string): string | undefined {
  const fits = Buffer.byteLength(path.join(clusterDir, '.s.PGSQL.65535.lock')) <= SOCKET_PATH_LIMIT;
  return fits && !/[,"']/.test(clusterDir) ? clusterDir : undefined;
}

/** A sixteenth of the memory, so that the index of recent events stays cached; allocated only as it fills. */
const sharedBuffersMb = (): number => Math.min(2048, Math.max(128, Math.floor(totalmem() / 2 ** 24)));

export const postmasterFlags = (clusterDir: string, extra: string[]): string[] => [
  ...FLAGS,
  '-c',
  `shared_buffers=${sharedBuffersMb()}MB`,
  '-c',
  `unix_socket_directories=${socketDirOf(clusterDir) ?? ''}`,
  ...extra,
];

/** A failed launch; `output` is PostgreSQL's log output. */
export interface Exited {
  output: string;
}

/**
 * Starts a postmaster that outlives this process: in its own process group (so that Ctrl-C reaches it only through `stop`)
 * and logging to a file (a pipe would block or kill it once its reader is gone). Crash recovery has no time limit.
 */
export async function launch(
  { clusterDir, logFile, binaries, user, flags }: Launch,
  port: number,
  onWaiting: () => void,
): Promise<Started | Exited> {
  await rotate(logFile);
  const log = await open(logFile, 'a', 0o600);
  const { size } = await log.stat();
  const child = spawn(binaries.postgres, ['-D', clusterDir, '-p', String(port), ...flags], {
    ...user,
    cwd: '/',
    env: childEnvironment(),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let exited: string | undefined;
  child.once('exit', (code, signal) => (exited = `exit ${code ?? signal}`));
  child.once('error', (error) => (exited = error.message));
  child.unref();
  await log.close();
  while (exited === undefined) {
    const file = await readPostmasterFile(clusterDir);
    if (file?.pid === child.pid && file?.status === 'ready' && file.port)
      return { pid: file.pid, port: file.port };
    onWaiting();
    await sleep(POLL_MS);
  }
  return { output: `${await readFrom(logFile, size)}${exited}` };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Whether a running postmaster has the same program and flags as this one would have. */
export async function wasLaunchedAs({ clusterDir, binaries, flags }: Launch): Promise<boolean> {
  const options = await readFile(path.join(clusterDir, 'postmaster.opts'), 'utf8').catch(() => '');
  const quoted = flags.map((flag) => ` "${flag}"`).join('');
  return options.startsWith(`${binaries.postgres} `) && options.trimEnd().endsWith(quoted);
}

/**
 * Fast shutdown: open transactions are rolled back and everything is flushed. After `patienceMs` an immediate shutdown,
 * from which the next start recovers without loss.
 */
export async function shutDown(clusterDir: string, pid: number, patienceMs = 60_000): Promise<void> {
  requestShutdown(pid);
  if (await goneWithin(clusterDir, pid, patienceMs)) return;
  signal(pid, 'SIGQUIT');
  if (await goneWithin(clusterDir, pid, 10_000)) return;
  signal(pid, 'SIGKILL');
  await goneWithin(clusterDir, pid, 10_000);
}

/** A fast shutdown. */
export function requestShutdown(pid: number): void {
  signal(pid, 'SIGINT');
}

async function goneWithin(clusterDir: string, pid: number, ms: number): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(POLL_MS)) {
    if (!(await isPostmaster(pid, clusterDir))) return true;
  }
  return false;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}

async function rotate(logFile: string): Promise<void> {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size > LOG_LIMIT_BYTES) await rename(logFile, `${logFile}.1`).catch(() => undefined);
}

async function readFrom(file: string, offset: number): Promise<string> {
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  return text.subarray(Math.min(offset, text.length)).toString('utf8');
}
