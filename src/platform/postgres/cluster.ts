import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chown,
  link,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import type { OsUser } from './os-user.js';
import { errorCode, OperatorError } from './operator-error.js';

const run = promisify(execFile);

export const SUPERUSER = 'steward';

/** A first start takes seconds; anything older was left behind by a killed process. */
const ABANDONED_AFTER_MS = 10 * 60_000;

export const clusterDirOf = (dataDir: string): string => path.join(dataDir, 'postgres');

/** Data of another major version is left untouched; it needs a dump and restore. */
export async function assertSameMajor(dataDir: string, major: number): Promise<void> {
  const text = await readFile(path.join(clusterDirOf(dataDir), 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (text === undefined || Number(text) === major) return;
  throw new OperatorError(
    `The data in ${clusterDirOf(dataDir)} was written by PostgreSQL ${text.trim()}, this release brings PostgreSQL ${major}. ` +
      'Nothing was changed. With the release used before, run `npm run backup -- FILE`; then, with this one and a new DATA_DIR, ' +
      '`npm run restore -- FILE`.',
  );
}

/**
 * Creates the cluster if it does not exist. It is built in a temporary folder and renamed when complete, so that a kill leaves nothing half-done, and of two concurrent starts one wins and the other uses its cluster.
 * @returns the superuser's password
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  user: OsUser | undefined,
): Promise<string> {
  const clusterDir = clusterDirOf(dataDir);
  const exists = await isCluster(clusterDir);
  const password = await ensurePassword(dataDir, exists);
  if (exists) return password;
  await removeAbandoned(dataDir);
  const aside = await mkdtemp(`${clusterDir}.init-`);
  try {
    const passwordFile = path.join(aside, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    const built = path.join(aside, 'data');
    await mkdir(built, { mode: 0o700 });
    if (user) for (const file of [aside, passwordFile, built]) await chown(file, user.uid, user.gid);
    await initdb(binaries, built, passwordFile, user);
    await rename(built, clusterDir).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    });
    await syncFolder(dataDir);
    if (!(await isCluster(clusterDir))) {
      throw new OperatorError(
        `${clusterDir} contains something other than a database. Move it away or choose another DATA_DIR.`,
      );
    }
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return password;
}

const isCluster = (clusterDir: string): Promise<boolean> =>
  stat(path.join(clusterDir, 'PG_VERSION')).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw new OperatorError(
        `${clusterDir} cannot be read: it belongs to another user. Run Steward as that user.`,
        {
          cause: error,
        },
      );
    },
  );

async function initdb(binaries: Binaries, dir: string, passwordFile: string, user?: OsUser): Promise<void> {
  const args = [
    `--pgdata=${dir}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
  ];
  try {
    await run(binaries.initdb, args, { ...user, cwd: '/', env: childEnvironment() });
  } catch (error) {
    const { stderr } = error as { stderr?: unknown };
    const detail = typeof stderr === 'string' ? stderr.trim() : String(error);
    throw new OperatorError(`The database could not be created in ${dir}: ${detail}`, { cause: error });
  }
}

/** Without the caller's PG* variables, and without a locale the machine may lack. */
export const childEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LC_ALL: 'C',
  TZ: 'UTC',
});

/** The complete file is linked into place, so that two concurrent first starts agree on one password. */
async function ensurePassword(dataDir: string, clusterExists: boolean): Promise<string> {
  const file = path.join(dataDir, 'postgres.password');
  const present = await readPassword(file);
  if (present !== undefined) return present;
  if (clusterExists) {
    throw new OperatorError(
      `${file} is missing: without it the database in ${clusterDirOf(dataDir)} cannot be opened.`,
    );
  }
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    await handle.writeFile(randomBytes(24).toString('hex'));
    await handle.sync();
    await handle.close();
    await link(draft, file).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}

async function readPassword(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new OperatorError(`${file} cannot be read: it belongs to another user. Run Steward as that user.`, {
      cause: error,
    });
  }
}

async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith('postgres.init-')) continue;
    const { mtimeMs } = await stat(path.join(dataDir, name)).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) {
      await rm(path.join(dataDir, name), { recursive: true, force: true });
    }
  }
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  await handle.sync().finally(() => handle.close());
}
