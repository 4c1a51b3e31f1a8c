import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, link } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from './operator-error.js';

const run = promisify(execFile);

export interface PostmasterFile {
  text: string;
  pid: number;
  /** Undefined until the postmaster has opened its socket. */
  port?: number;
  /** `starting`, `ready`, `stopping`, …; undefined very early. */
  status?: string;
}

const pidFileOf = (clusterDir: string): string => path.join(clusterDir, 'postmaster.pid');

/** Reads postmaster.pid: pid, data folder, start time, port, socket folder, address, shared memory, status. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { text, pid, port: Number(lines[3]) || undefined, status: lines[7]?.trim() || undefined };
}

export async function readPostmasterFile(clusterDir: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(pidFileOf(clusterDir), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsePostmasterFile(text);
}

/** A power cut can leave the file empty, and PostgreSQL then refuses to start. A file being written is only moments old. */
export async function removeEmptyFile(clusterDir: string): Promise<void> {
  const found = await stat(pidFileOf(clusterDir)).catch(() => undefined);
  if (found?.size === 0 && Date.now() - found.mtimeMs > 10_000) await removeStaleFile(clusterDir, '');
}

/**
 * Whether the process is a postmaster on this folder. The pid alone proves nothing: after a reboot or in a container it
 * may belong to any process. A zombie has no command line and does not count.
 */
export async function isPostmaster(pid: number, clusterDir: string): Promise<boolean> {
  const command = await commandLine(pid);
  const [program, ...args] = command;
  if (program === undefined || !path.basename(program).startsWith('postgres')) return false;
  const dir = args[args.indexOf('-D') + 1];
  if (!args.includes('-D') || dir === undefined) return false;
  if (dir === clusterDir) return true;
  const [theirs, ours] = await Promise.all([stat(dir).catch(() => undefined), stat(clusterDir)]);
  return theirs?.ino === ours.ino && theirs.dev === ours.dev;
}

/** True for any process with that pid, including zombies. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Empty if there is no such process. */
async function commandLine(pid: number): Promise<string[]> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.split('\0').slice(0, -1);
  }
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  // `ps` does not quote, so compare the last part of the folder.
  const [, program, dir] = /^(.*?postgres) -D (.*?\/postgres)(?:\s|$)/.exec(stdout) ?? [];
  return program === undefined || dir === undefined ? [] : [program, '-D', dir];
}

/**
 * Removes a stale file. PostgreSQL refuses to start if the pid in it belongs to any live process of its user. The file is
 * checked again after it was moved, since a concurrent start may have written a new one. If a postmaster is running after
 * all, its shared memory still keeps out a second one.
 */
export async function removeStaleFile(clusterDir: string, staleText: string): Promise<void> {
  const aside = `${pidFileOf(clusterDir)}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(pidFileOf(clusterDir), aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) !== staleText)
    await link(aside, pidFileOf(clusterDir)).catch(() => undefined);
  await rm(aside, { force: true });
}
