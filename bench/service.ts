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
  /** Sends SIGTERM, waits for the exit and removes a temporary data folder. Returns the exit code. */
  stop(): Promise<number | null>;
  /** Kills only the service: its embedded database keeps running and is adopted by the next start in the same `dataDir`. */
  kill(): Promise<void>;
  /** Output to stdout and stderr, up to the last million characters. */
  output(): string;
}

export interface ServiceOptions {
  /** Kept when the service ends. Default: a temporary folder. */
  dataDir?: string;
  /** Program to run. Default: the service. */
  entry?: string;
  env?: Record<string, string>;
}

/**
 * Same as `npm start`: a larger nursery avoids copying the many short-lived strings of event batches, and a run over all accounts may leave at
 * most as much garbage as there is live data.
 */
const NODE_OPTIONS = ['--max-semi-space-size=32', '--heap-growing-percent=100', '--enable-source-maps'];
const START_MS = 120_000;
const KEPT_OUTPUT = 1_000_000;

/** Starts the built service (run `npm run build` first) on a free port and waits until it is ready. */
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
      // A benchmark sends everything with one key.
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

/** Connects to the embedded database of a running service. */
export async function databaseOf({ dataDir }: Pick<Service, 'dataDir'>): Promise<pg.Client> {
  const where = { databaseUrl: null, dataDir, allowDataLossForTests: false };
  const { url } = await openBeside(where, () => undefined);
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  return db;
}

/** Process id of the embedded database, to kill it too. */
export async function databasePid(dataDir: string): Promise<number> {
  const text = await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n', 1)[0]);
}

async function ready(service: Service, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The service exited while starting:\n${service.output()}`);
    }
    if (Date.now() > deadline) throw new Error(`The service was not ready in time:\n${service.output()}`);
    const answer = await fetch(`${service.url}/readyz`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(50);
  }
}

/** Below the range of ephemeral ports, so that an outgoing connection cannot take it first. */
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
