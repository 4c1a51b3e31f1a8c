import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeRunnable, prepareBinaries } from '../../src/platform/postgres/binaries.js';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { databaseUser } from '../../src/platform/postgres/os-user.js';
import { makeTempDir } from '../support/temp-dir.js';

const asRoot = process.getuid?.() === 0 ? it : it.skip;
let dir: string;

beforeEach(async () => {
  dir = await makeTempDir('steward-binaries-');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

/** The package as it is after an installation without install scripts. */
async function installWithoutScripts(): Promise<string> {
  const { postgres } = await prepareBinaries(dir, undefined);
  const source = path.resolve(postgres, '../..');
  const root = path.join(dir, 'package', 'native');
  await mkdir(root, { recursive: true });
  await cp(path.join(source, '..', 'package.json'), path.join(dir, 'package', 'package.json'));
  await cp(source, root, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(path.join(root, 'pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  for (const { target } of links) await rm(path.join(dir, 'package', target), { force: true });
  return root;
}

describe(makeRunnable.name, () => {
  it('creates the missing library links in place', async () => {
    const root = await installWithoutScripts();
    await expect(promisify(execFile)(path.join(root, 'bin/initdb'), ['--version'])).rejects.toThrow();
    const binaries = await makeRunnable(root, path.join(dir, 'bin'), undefined);
    expect(binaries).toEqual({
      initdb: path.join(root, 'bin/initdb'),
      postgres: path.join(root, 'bin/postgres'),
      major: 18,
    });
  });

  asRoot('runs a copy when the package lies in a folder that is closed to the user', async () => {
    const root = await installWithoutScripts();
    await chmod(path.join(dir, 'package'), 0o700);
    const user = await databaseUser(dir + '/none');
    const copies = path.join(dir, 'open', 'bin');
    const [one, two] = await Promise.all([
      makeRunnable(root, copies, user),
      makeRunnable(root, copies, user),
    ]);
    expect(one).toEqual(two);
    expect(one.postgres.startsWith(copies)).toBe(true);
    expect(one.major).toBe(18);
  });
});

describe(prepareBinaries.name, () => {
  it('names the alternative when the platform has no binaries', async () => {
    await expect(prepareBinaries(dir, undefined, 'sunos', 'sparc')).rejects.toThrow(
      /sunos-sparc.*DATABASE_URL/s,
    );
  });
});

describe(startEmbeddedPostgres.name, () => {
  asRoot("names the folder that is closed to the database's user", async () => {
    const closed = path.join(dir, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(
      startEmbeddedPostgres({ dataDir: path.join(closed, 'data'), log: () => undefined }),
    ).rejects.toThrow(`may not enter ${closed}`);
  });
});
