import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { OperatorError } from './operator-error.js';

const run = promisify(execFile);

export interface OsUser {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root. Root runs it as the owner of the existing cluster, or else as `postgres` (created if
 * missing). `undefined` means the current, ordinary user.
 */
export async function databaseUser(clusterDir: string): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await findPostgresUser()) ?? (await createPostgresUser());
}

async function findPostgresUser(): Promise<OsUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

const CREATE = [
  ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
  ['adduser', '--system', '--group', '--no-create-home', 'postgres'],
  // BusyBox (Alpine) supports only short options.
  ['adduser', '-S', '-D', '-H', 'postgres'],
] as const;

async function createPostgresUser(): Promise<OsUser> {
  for (const [command, ...args] of CREATE) {
    await run(command, args).catch(() => undefined);
    // Look it up even after a failure: a concurrent start may have created it.
    const user = await findPostgresUser();
    if (user) return user;
  }
  throw new OperatorError(
    'PostgreSQL does not run as root and no user "postgres" could be created. ' +
      'Create one, run Steward as an ordinary user, or set DATABASE_URL.',
  );
}
