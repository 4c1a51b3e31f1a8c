import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../settings.js';
import { clusterDirOf, SUPERUSER } from './cluster.js';
import { DATABASE, startEmbeddedPostgres } from './embedded.js';
import { OperatorError } from './operator-error.js';
import { findRunning } from './run-state.js';

export interface OpenDatabase {
  url: string;
  close: () => Promise<void>;
}

type Where = Pick<Settings, 'databaseUrl' | 'dataDir' | 'allowDataLossForTests'>;

/** Opens the service's database exclusively; an embedded one is started, and stopped by `close`. */
export async function openAlone(
  { databaseUrl, dataDir, allowDataLossForTests }: Where,
  log: (line: string) => void,
): Promise<OpenDatabase> {
  if (databaseUrl !== null) return { url: databaseUrl, close: () => Promise.resolve() };
  const postgres = await startEmbeddedPostgres({ dataDir, log, allowUnsafe: allowDataLossForTests });
  return { url: postgres.url, close: () => postgres.stop() };
}

/** Opens the service's database, possibly next to a running service. Does not create a missing one. */
export async function openBeside(where: Where, log: (line: string) => void): Promise<OpenDatabase> {
  const url = where.databaseUrl ?? (await findRunningUrl(where.dataDir));
  if (url === undefined && !existsSync(clusterDirOf(path.resolve(where.dataDir)))) {
    throw new OperatorError(
      `There is no database in DATA_DIR ${where.dataDir}: set DATA_DIR (or DATABASE_URL) as the service has it.`,
    );
  }
  return url === undefined ? openAlone(where, log) : { url, close: () => Promise.resolve() };
}

async function findRunningUrl(dataDir: string): Promise<string | undefined> {
  const dir = await realpath(dataDir).catch(() => dataDir);
  const running = await findRunning(clusterDirOf(dir));
  if (running?.status !== 'ready') return undefined;
  const password = (await readFile(path.join(dir, 'postgres.password'), 'utf8')).trim();
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${running.port}/${DATABASE}`;
}
