import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { shutDownOwned } from '../../src/platform/postgres/ownership.js';
import { makeTempDir } from '../support/temp-dir.js';

const node = ['--import', './test/support/typescript.mjs'];
let dir: string;
let dataDir: string;
let file: string;
let service: ChildProcess | undefined;

/** Runs a command as npm does and gives what it wrote; rejects when it fails. */
async function command(name: 'backup' | 'restore', dataDir: string): Promise<string> {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir };
  const args = [...node, `src/platform/postgres/${name}.cli.ts`, file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return stdout;
}

async function withService<T>(dataDir: string, work: (url: string) => Promise<T>): Promise<T> {
  service = spawn(process.execPath, [...node, 'test/support/embedded-child.ts', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(service.stdout!), 'line')) as [string];
  try {
    return await work((JSON.parse(line) as { url: string }).url);
  } finally {
    const gone = once(service, 'exit');
    service.kill('SIGKILL');
    await gone;
    await shutDownOwned(path.join(dataDir, 'postgres'));
  }
}

async function prepare(url: string): Promise<void> {
  const source = await createDataSource(url, { poolSize: 1 }).initialize();
  await source.runMigrations();
  await source.query(
    `INSERT INTO audit_entry (actor, action, target) SELECT 'a', 'b', i FROM generate_series(1, 500) i`,
  );
  await source.destroy();
}

beforeEach(async () => {
  dir = await makeTempDir('steward-backup-command-');
  dataDir = path.join(dir, 'old');
  file = path.join(dir, 'backup');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe('npm run backup and npm run restore', () => {
  it('work with and without a running service', async () => {
    await withService(dataDir, async (url) => {
      await prepare(url);
      expect(await command('backup', dataDir)).toMatch(/tables, \d+ rows/);
    });
    await rm(file);
    expect(await command('backup', dataDir)).toContain(file);
    await expect(stat(path.join(dataDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');

    const fresh = path.join(dir, 'new');
    expect(await command('restore', fresh)).toContain('Row counts and checksums match');
    const restored = await startEmbeddedPostgres({ dataDir: fresh, log: () => undefined });
    const source = await createDataSource(restored.url, { poolSize: 1 }).initialize();
    expect(await source.query('SELECT count(*)::int AS n FROM audit_entry')).toEqual([{ n: 500 }]);
    await source.destroy();
    await restored.stop();
    await expect(command('restore', fresh)).rejects.toThrow('not empty');
  });

  it('refuse to restore while a service is running', async () => {
    await withService(dataDir, async (url) => {
      await prepare(url);
      await command('backup', dataDir);
      await expect(command('restore', dataDir)).rejects.toThrow('is in use by another Steward');
    });
  });
});
