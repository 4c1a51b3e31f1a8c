import { execFileSync } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DiskSpace } from '../../src/platform/health/disk-space.js';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { startTestApp } from '../support/app.js';
import { client } from '../support/client.js';
import { makeTempDir } from '../support/temp-dir.js';

const MB = 1024 * 1024;

/** A disk of its own, in memory. */
async function mountDisk(megabytes: number): Promise<string> {
  const dir = await makeTempDir('steward-disk-');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', dir]);
  return dir;
}

async function unmount(dir: string): Promise<void> {
  execFileSync('umount', ['-l', dir]);
  await rm(dir, { recursive: true, force: true });
}

async function canMount(): Promise<boolean> {
  try {
    await unmount(await mountDisk(1));
    return true;
  } catch {
    return false;
  }
}

/** Writes a file until it has the size or the disk is full. */
async function fill(dir: string, megabytes: number): Promise<() => Promise<void>> {
  const file = path.join(dir, 'filler');
  const handle = await open(file, 'w');
  try {
    for (let i = 0; i < megabytes; i++) await handle.write(Buffer.alloc(MB, 1));
  } catch {
    // Full.
  } finally {
    await handle.close();
  }
  return () => rm(file);
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(100);
}

const describeIfMountable = (await canMount()) ? describe : describe.skip;

describeIfMountable('a full disk (needs root, to mount one of its own)', () => {
  const disks: string[] = [];
  const disk = async (megabytes: number) => {
    const dir = await mountDisk(megabytes);
    disks.push(dir);
    return dir;
  };
  afterAll(async () => {
    for (const dir of disks) await unmount(dir);
  });

  it('is logged once; reads continue, writes are rejected, and the service recovers when space is freed', async () => {
    const dataDir = await disk(200);
    let logged = '';
    const log = new Writable({
      write: (chunk: Buffer, _, done) => {
        logged += chunk.toString();
        done();
      },
    });
    const app = await startTestApp({ dataDir }, { log });
    try {
      const api = client(app);
      const status = async (method: string, route: string) =>
        (await api.call(method, route, method === 'PUT' ? {} : undefined)).status;
      expect(await status('PUT', '/v1/accounts/A-1')).toBe(201);
      expect(await status('GET', '/readyz')).toBe(200);

      const free = await fill(dataDir, 120);
      await until(() => Promise.resolve(app.app.get(DiskSpace).isFull));
      expect(await api.call('PUT', '/v1/accounts/A-2', {})).toMatchObject({
        status: 503,
        body: { code: 'disk_full' },
      });
      expect(await status('GET', '/readyz')).toBe(503);
      expect(await status('GET', '/livez')).toBe(200);
      expect(await status('GET', '/v1/accounts/A-1')).toBe(200);

      await free();
      await until(async () => (await status('GET', '/readyz')) === 200);
      expect(await status('PUT', '/v1/accounts/A-2')).toBe(201);
      expect(logged.match(/DATA_DIR is out of disk space/g)).toHaveLength(1);
    } finally {
      await app.stop();
    }
  });

  it('stops PostgreSQL when its log has no space left, and the supervisor restarts it once there is space', async () => {
    const dataDir = await disk(300);
    const lines: string[] = [];
    let lost: Error | undefined;
    const embedded = await startEmbeddedPostgres({
      dataDir,
      log: (line) => lines.push(line),
      onLost: (error) => (lost = error),
    });
    const query = async (sql: string) => {
      const connection = new pg.Client({ connectionString: embedded.url });
      connection.on('error', () => undefined);
      try {
        await connection.connect();
        return (await connection.query<{ n: number }>(sql)).rows;
      } finally {
        await connection.end().catch(() => undefined);
      }
    };
    try {
      await query('CREATE TABLE kept AS SELECT 1 AS n');
      const free = await fill(dataDir, 400);
      // Goes into PostgreSQL's log of changes alone; without room for that the server goes down.
      const grow = `SELECT count(pg_logical_emit_message(false, 'fill', repeat('x', 1000000))) FROM generate_series(1, 64)`;
      await until(async () => {
        await query(grow).catch(() => undefined);
        return lines.some((line) => /connection to PostgreSQL was lost/.test(line));
      });
      await sleep(2_000);
      await free();
      await until(() =>
        query('INSERT INTO kept VALUES (2)').then(
          () => true,
          () => lost !== undefined,
        ),
      );
      expect(lost).toBeUndefined();
      expect(await query('SELECT min(n) AS n FROM kept')).toEqual([{ n: 1 }]);
    } finally {
      await embedded.stop();
    }
  });
});
