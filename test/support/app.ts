import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module.js';
import { createApp } from '../../src/platform/create-app.js';
import { AppLogger } from '../../src/platform/logging/app-logger.js';
import { openPlatform } from '../../src/platform/open-platform.js';
import { loadSettings, type Settings } from '../../src/platform/settings.js';
import { createTestDatabase } from './database.js';

export interface TestApp {
  url: string;
  /** An admin key. */
  key: string;
  app: NestExpressApplication;
  dataSource: DataSource;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  /** Replaces the service's own modules. */
  features?: new () => object;
  /** Receives the log; default: silent. */
  log?: NodeJS.WritableStream;
}

/** Starts the whole service on its own port and database; with `databaseUrl`, another instance on an existing database, which is kept. */
export async function startTestApp(
  overrides: Partial<Settings> = {},
  { features = AppModule, log }: TestAppOptions = {},
): Promise<TestApp> {
  const key = 'test-admin-key';
  const settings: Settings = {
    ...loadSettings({ BOOTSTRAP_API_KEY: key, HOST: '127.0.0.1', ALLOW_DATA_LOSS_FOR_TESTS: 'yes' }),
    ...overrides,
  };
  const database = settings.databaseUrl === null ? await createTestDatabase() : null;
  const logger = new AppLogger(log ? 'trace' : 'silent', log);
  const platform = await openPlatform(settings, database?.url ?? settings.databaseUrl ?? '', logger);
  const app = await createApp(features, platform);
  await app.listen(0, settings.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    key: settings.bootstrapApiKey ?? platform.firstKey ?? '',
    app,
    dataSource: platform.dataSource,
    stop: async () => {
      app.getHttpServer().closeAllConnections();
      await app.close();
      if (platform.dataSource.isInitialized) await platform.dataSource.destroy();
      await database?.drop();
    },
  };
}
