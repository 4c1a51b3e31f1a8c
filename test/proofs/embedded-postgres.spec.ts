import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/postgres/embedded.js';
import { shutDown } from '../../src/platform/postgres/postmaster.js';
import { shutDownOwned } from '../../src/platform/postgres/ownership.js';
import { isPostmaster, readPostmasterFile } from '../../src/platform/postgres/postmaster-pid.js';
import { makeTempDir } from '../support/temp-dir.js';

interface Outcome {
  url: string;
  pid: number;
  error: string;
}

const children: ChildProcess[] = [];
const services: EmbeddedPostgres[] = [];
let dataDir: string;
let clusterDir: string;
let logged: string[];

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const service = await startEmbeddedPostgres({ dataDir, log: (line) => logged.push(line), ...options });
  services.push(service);
  return service;
}

/** A start in a process of its own, which can be killed. */
async function startChild(...flags: string[]): Promise<{ child: ChildProcess; outcome: Outcome }> {
  const args = [
    '--import',
    './test/support/typescript.mjs',
    'test/support/embedded-child.ts',
    dataDir,
    ...flags,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, outcome: JSON.parse(line) as Outcome };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const fill = (url: string) => query(url, 'CREATE TABLE kept AS SELECT 42 AS n');
const kept = (url: string) => query(url, 'SELECT n FROM kept');

beforeEach(async () => {
  dataDir = await makeTempDir('steward-embedded-');
  clusterDir = path.join(dataDir, 'postgres');
  logged = [];
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const service of services.splice(0)) await service.stop();
  await shutDownOwned(clusterDir);
  await rm(dataDir, { recursive: true, force: true });
});

describe(startEmbeddedPostgres.name, () => {
  it('creates a durable local-only database and keeps it across a restart', async () => {
    const first = await start();
    await fill(first.url);
    const settings = await query(
      first.url,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums',
       'listen_addresses', 'unix_socket_directories', 'server_encoding', 'lc_messages', 'password_encryption') ORDER BY name`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      lc_messages: 'C',
      listen_addresses: '127.0.0.1',
      password_encryption: 'scram-sha-256',
      server_encoding: 'UTF8',
      synchronous_commit: 'on',
      unix_socket_directories: path.join(dataDir, 'postgres'),
    });
    expect((await stat(path.join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
    await expect(query(first.url.replace(/:[0-9a-f]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
    await first.stop();
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED|ENOENT/);

    const second = await start();
    expect(await kept(second.url)).toEqual([{ n: 42 }]);
    await second.stop();
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
  });

  it('lets one of two concurrent first starts win and names the owner to the other', async () => {
    const both = await Promise.all([startChild(), startChild()]);
    const winner = both.find(({ outcome }) => outcome.url);
    const loser = both.find(({ outcome }) => outcome.error);
    expect(loser?.outcome.error).toContain(
      `DATA_DIR ${dataDir} is in use by another Steward (pid ${winner?.child.pid})`,
    );
    expect(await query(winner?.outcome.url ?? '', 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('does not disturb the running service when a second one is refused', async () => {
    const { child, outcome } = await startChild();
    await fill(outcome.url);
    await expect(start()).rejects.toThrow(`is in use by another Steward (pid ${child.pid})`);
    expect(await kept(outcome.url)).toEqual([{ n: 42 }]);
  });

  it('adopts the postmaster of a killed process', async () => {
    const { child, outcome } = await startChild();
    await fill(outcome.url);
    await kill(child);
    const adopted = await start();
    expect(adopted.pid).toBe(outcome.pid);
    expect(await kept(adopted.url)).toEqual([{ n: 42 }]);
    await adopted.stop();
    expect(await isPostmaster(outcome.pid, clusterDir)).toBe(false);
  });

  it('restarts an adopted postmaster that has other flags', async () => {
    const { child, outcome } = await startChild('-c', 'work_mem=1MB');
    await kill(child);
    const restarted = await start();
    expect(restarted.pid).not.toBe(outcome.pid);
    expect(await query(restarted.url, 'SHOW work_mem')).toEqual([{ work_mem: '16MB' }]);
  });

  it('waits for busy backends of a killed postmaster and recovers committed data', async () => {
    const { child, outcome } = await startChild();
    await fill(outcome.url);
    const busy = query(outcome.url, 'SELECT count(*) FROM generate_series(1, 60000000)').catch(
      () => undefined,
    );
    await sleep(300);
    process.kill(outcome.pid, 'SIGKILL');
    await kill(child);
    const recovered = await start();
    expect(logged.join()).toContain('last processes of a killed PostgreSQL');
    expect(await kept(recovered.url)).toEqual([{ n: 42 }]);
    await busy;
  });

  it('recovers after every process was killed', async () => {
    const { child, outcome } = await startChild();
    await fill(outcome.url);
    const backends = await query(
      outcome.url,
      'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    await kill(child);
    for (const pid of [outcome.pid, ...backends.map((row) => Number(row.pid))]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Some end by themselves.
      }
    }
    const recovered = await start();
    expect(recovered.pid).not.toBe(outcome.pid);
    expect(await kept(recovered.url)).toEqual([{ n: 42 }]);
  });

  it('ignores a pid file whose pid now belongs to another process', async () => {
    const first = await start();
    const file = path.join(clusterDir, 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    await first.stop();
    const { uid, gid } = await stat(clusterDir);
    const unrelated = spawn('sleep', ['60'], { uid, gid });
    children.push(unrelated);
    await writeFile(file, text.replace(/^\d+/, String(unrelated.pid)));
    const second = await start();
    expect((await readPostmasterFile(clusterDir))?.pid).toBe(second.pid);
    expect(unrelated.exitCode).toBeNull();
  });

  it('ignores an empty pid file left by a power cut', async () => {
    await (await start()).stop();
    const file = path.join(clusterDir, 'postmaster.pid');
    await writeFile(file, '');
    await utimes(file, new Date(0), new Date(0));
    expect((await start()).pid).toBe((await readPostmasterFile(clusterDir))?.pid);
  });

  it('restarts a postmaster that died under a running service at the same address', async () => {
    let lost = false;
    const service = await start({ onLost: () => (lost = true) });
    await fill(service.url);
    process.kill(service.pid, 'SIGKILL');
    let rows: unknown;
    for (let i = 0; i < 100 && rows === undefined; i++) {
      await sleep(100);
      rows = await kept(service.url).catch(() => undefined);
    }
    expect(rows).toEqual([{ n: 42 }]);
    await service.stop();
    expect(lost).toBe(false);
    expect(await readPostmasterFile(clusterDir)).toBeUndefined();
  });

  it('reports the database as lost when it cannot be restarted', async () => {
    const lost = new Promise<Error>(
      (resolve) =>
        void start({ onLost: resolve }).then(async ({ pid }) => {
          await appendFile(path.join(clusterDir, 'postgresql.conf'), '\nnonsense = 1\n');
          process.kill(pid, 'SIGKILL');
        }),
    );
    expect((await lost).message).toMatch(/did not start.*nonsense/s);
  });

  it('rejects the data of another major version without changing it', async () => {
    await (await start()).stop();
    const before = await readdir(clusterDir);
    await writeFile(path.join(clusterDir, 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow(
      /written by PostgreSQL 17, this release brings PostgreSQL 18.*npm run backup/s,
    );
    expect(await readdir(clusterDir)).toEqual(before);
  });

  it('rejects flags that can lose commits', async () => {
    await expect(start({ postgresFlags: ['-c', 'fsync=off'] })).rejects.toThrow('fsync off');
    expect(await readPostmasterFile(clusterDir)).toBeUndefined();
  });

  it('rotates a long log file', async () => {
    await writeFile(path.join(dataDir, 'postgres.log'), Buffer.alloc(11 * 1024 * 1024, 10));
    await start();
    expect((await stat(path.join(dataDir, 'postgres.log.1'))).size).toBeGreaterThan(10_000_000);
  });
});

describe(shutDown.name, () => {
  it('escalates when the server does not stop in time, without losing commits', async () => {
    const { child, outcome } = await startChild();
    await fill(outcome.url);
    await kill(child);
    // A stopped process stands for one that hangs.
    process.kill(outcome.pid, 'SIGSTOP');
    const stopped = shutDown(clusterDir, outcome.pid, 200);
    await sleep(500);
    process.kill(outcome.pid, 'SIGCONT');
    await stopped;
    expect(await isPostmaster(outcome.pid, clusterDir)).toBe(false);
    expect(await kept((await start()).url)).toEqual([{ n: 42 }]);
  });
});
