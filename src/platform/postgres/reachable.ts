import { execFile } from 'node:child_process';
import { chmod, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { OsUser } from './os-user.js';

const run = promisify(execFile);

/**
 * The first folder on the path to `dir`, including itself, that the user cannot enter; undefined if there is none. Tested
 * by an actual attempt, since permission bits do not show access control lists; the bits then tell which folder it is.
 */
export async function findClosedFolder(dir: string, user: OsUser): Promise<string | undefined> {
  try {
    await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], { ...user, cwd: '/' });
    return undefined;
  } catch {
    for (const folder of ancestors(dir)) {
      if (!(await mayEnter(folder, user))) return folder;
    }
    return dir;
  }
}

function ancestors(dir: string): string[] {
  const parent = path.dirname(dir);
  return parent === dir ? [dir] : [...ancestors(parent), dir];
}

async function mayEnter(folder: string, user: OsUser): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  const execute = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & execute) !== 0;
}

/** Creates the folder and its missing parents, each with execute permission regardless of the umask; existing folders are not changed. */
export async function makeEnterable(dir: string): Promise<void> {
  const first = await mkdir(dir, { recursive: true });
  if (first === undefined) return;
  for (let folder = dir; folder.length >= first.length; folder = path.dirname(folder))
    await chmod(folder, 0o755);
}
