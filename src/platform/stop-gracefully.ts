import { setTimeout as sleep } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DataSource } from 'typeorm';
import type { EmbeddedPostgres } from './postgres/embedded.js';

/** What is running so far; stopped in reverse order. */
export interface Running {
  embedded?: EmbeddedPostgres;
  dataSource?: DataSource;
  app?: NestExpressApplication;
}

/** How long clients are asked to close their connections before the service closes them. */
const DRAIN_MS = 1_000;
/** Time for the remaining steps, whether or not all requests finished. */
const AFTERWARDS_MS = 5_000;

/**
 * Waits for requests in flight, then stops the modules, then closes the database. Returns false if it ran out of time and
 * requests were aborted; data already acknowledged is safe.
 */
export async function stopGracefully(running: Running, graceMs: number): Promise<boolean> {
  const inTime =
    running.app === undefined || (await within(graceMs, () => endRequests(running.app, graceMs)));
  running.app?.getHttpServer().closeAllConnections();
  const modules = await within(AFTERWARDS_MS, () => running.app?.close());
  const database = await within(AFTERWARDS_MS, () => destroy(running));
  await running.embedded?.stop();
  return inTime && modules && database;
}

async function endRequests(app: NestExpressApplication | undefined, graceMs: number): Promise<void> {
  const server = app?.getHttpServer();
  if (!server?.listening) return;
  const open = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  if (open > 0) await sleep(Math.min(DRAIN_MS, graceMs / 5));
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function destroy({ dataSource }: Running): Promise<void> {
  if (dataSource?.isInitialized) await dataSource.destroy();
}

async function within(ms: number, work: () => Promise<void> | undefined): Promise<boolean> {
  const timer = new AbortController();
  const done = Promise.resolve(work()).then(() => true);
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([done, late]);
  } finally {
    timer.abort();
  }
}
