import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openBeside } from '../src/platform/postgres/connect.js';
import { makeTempDir } from '../test/support/temp-dir.js';

export interface Service {
  url: string;
  /** An admin key. */
  key: string;
  pid: number;
  dataDir: string;
  /** SIGTERM, and waits for the end; a data folder made for this service goes with it. Gives the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL of the service alone: its embedded database lives on, for the next start in the same `dataDir` to take over. */
  kill(): Promise<void>;
  /** What it wrote to stdout and stderr, at most the last million characters. */
  output(): string;
}

export interface ServiceOptions {
  /** Stays when the service ends; absent: a temporary one. */
  dataDir?: string;
  /** What to run; absent: the service as it is. */
  entry?: string;
  env?: Record<string, string>;
}

/**
 * As `npm start` has them: batches of events are many short-lived strings, which a larger nursery need not copy; and of what a run over
 * all accounts leaves behind, no more than what is alive may wait to be collected.
 */
const NODE_OPTIONS = ['--max-semi-space-size=32', '--heap-growing-percent=100', '--enable-source-maps'];
const START_MS = 120_000;
const KEPT_OUTPUT = 1_000_000;

/** The built service (`dist`, so `npm run build` comes first) as a process, on a free port; ready when this returns. */
export async function startService({
  dataDir,
  entry = 'dist/src/main.js',
  env = {},
}: ServiceOptions = {}): Promise<Service> {
  const dir = dataDir ?? (await makeTempDir('steward-service-'));
  const port = env.PORT ?? String(await freePort());
  const key = env.BOOTSTRAP_API_KEY ?? 'service-admin-key';
  const child = spawn(process.execPath, [...NODE_OPTIONS, path.resolve(entry)], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      HOST: '127.0.0.1',
      DATA_DIR: dir,
      LOG_LEVEL: 'warn',
      // A benchmark sends all it can by one key.
      REQUESTS_PER_MINUTE: '1000000',
      ...env,
      PORT: port,
      BOOTSTRAP_API_KEY: key,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (data: Buffer): void => {
    output = (output + data.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  const service: Service = {
    url: `http://127.0.0.1:${port}`,
    key,
    pid: child.pid ?? 0,
    dataDir: dir,
    stop: async () => {
      const code = await end('SIGTERM');
      if (dataDir === undefined) await rm(dir, { recursive: true, force: true });
      return code;
    },
    kill: async () => {
      await end('SIGKILL');
    },
    output: () => output,
  };
  try {
    await ready(service, child);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return service;
}

/** A connection to the embedded database of the service, beside it. */
export async function databaseOf({ dataDir }: Pick<Service, 'dataDir'>): Promise<pg.Client> {
  const where = { databaseUrl: null, dataDir, allowDataLossForTests: false };
  const { url } = await openBeside(where, () => undefined);
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  return db;
}

/** The process of the embedded database, to kill that too. */
export async function databasePid(dataDir: string): Promise<number> {
  const text = await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n', 1)[0]);
}

async function ready(service: Service, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the service ended while it started:\n${service.output()}`);
    }
    if (Date.now() > deadline) throw new Error(`the service was not ready in time:\n${service.output()}`);
    const answer = await fetch(`${service.url}/readyz`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(50);
  }
}

/** Below the range from which the system takes the ports of outgoing connections, so that none of those gets in between. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
