import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:net';
import { createApp } from './create-app.js';
import { Lifecycle } from './health/lifecycle.js';
import { AppLogger } from './logging/app-logger.js';
import { openPlatform } from './open-platform.js';
import { startEmbeddedPostgres } from './postgres/embedded.js';
import { loadSettings, type Settings } from './settings.js';
import { startFailure } from './start-failure.js';
import { type Running, stopGracefully } from './stop-gracefully.js';

/** Ctrl-C under npm arrives twice, from the terminal and from npm; service managers also signal every process of a group. */
const SAME_STOP_MS = 2_000;

/**
 * Runs the whole process. If it cannot start, it prints one line to stderr and exits with code 1, leaving nothing running.
 * The first SIGTERM or SIGINT shuts down gracefully, also during startup; one that comes later than SAME_STOP_MS exits immediately.
 */
export async function run(features: new () => object, env: NodeJS.ProcessEnv): Promise<void> {
  const running: Running = {};
  let settings: Settings;
  try {
    settings = loadSettings(env);
  } catch (error) {
    exitWith(startFailure(error, null));
  }
  const logger = new AppLogger(settings.logLevel);
  const { stopping, stop } = stopOnce(settings, logger, running);

  try {
    await start(features, settings, logger, running, stop, stopping);
  } catch (error) {
    // A shutdown during startup makes startup steps fail; that is not a failed start.
    if (stopping.aborted) return;
    await stopGracefully(running, 0).catch(() => undefined);
    exitWith(startFailure(error, settings));
  }
}

async function start(
  features: new () => object,
  settings: Settings,
  logger: AppLogger,
  running: Running,
  stop: (code: number) => void,
  stopping: AbortSignal,
): Promise<void> {
  await assertPortFree(settings);
  if (settings.databaseUrl === null) {
    running.embedded = await startEmbeddedPostgres({
      dataDir: settings.dataDir,
      log: (line) => logger.info({}, line),
      allowUnsafe: settings.allowDataLossForTests,
      onLost: (err) => {
        logger.fatal({ err }, 'embedded database stopped unexpectedly');
        stop(1);
      },
    });
  }
  stopping.throwIfAborted();
  const platform = await openPlatform(settings, settings.databaseUrl ?? running.embedded?.url ?? '', logger);
  running.dataSource = platform.dataSource;
  // Print it immediately: if something fails later, the key would be lost.
  if (platform.firstKey !== null) {
    process.stdout.write(
      `\nYour first API key, with the admin scope. It is not shown again:\n\n    ${platform.firstKey}\n\n`,
    );
  }
  stopping.throwIfAborted();
  const app = await createApp(features, platform);
  running.app = app;
  await app.init();
  await listen(app.getHttpServer(), settings);
  stopping.throwIfAborted();
  logger.info({ port: settings.port, database: running.embedded ? 'embedded' : 'external' }, 'listening');
}

/** Checked before a database is created and a key printed for a service that cannot start. */
async function assertPortFree({ port, host }: Settings): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/** Not Nest's `listen`, which would log a port conflict in addition to our own message. */
async function listen(server: Server, { port, host }: Settings): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

function stopOnce(settings: Settings, logger: AppLogger, running: Running) {
  const controller = new AbortController();
  let stoppingSince = 0;
  const stop = (code: number): void => {
    if (controller.signal.aborted) {
      if (performance.now() - stoppingSince < SAME_STOP_MS) return;
      running.embedded?.abandon();
      process.exit(1);
    }
    stoppingSince = performance.now();
    controller.abort(new Error('stopping'));
    if (running.app) running.app.get(Lifecycle).draining = true;
    logger.info({}, 'shutting down');
    stopGracefully(running, settings.shutdownGraceMs).then(
      (complete) => {
        logger.info({ complete }, 'stopped');
        process.exit(complete ? code : 1);
      },
      (err: unknown) => {
        logger.error({ err }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop(0)).on('SIGINT', () => stop(0));
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'uncaught exception');
    stop(1);
  });
  return { stopping: controller.signal, stop };
}

function exitWith(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
