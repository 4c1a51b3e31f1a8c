import { AuditLog } from './audit/audit-log.js';
import { ensureAdminKey } from './auth/bootstrap-key.js';
import { createDataSource } from './database/data-source.js';
import { migrate } from './database/migrate.js';
import { openInstallation } from './installation.js';
import type { AppLogger } from './logging/app-logger.js';
import { openOutbox } from './outbox/outbox.js';
import type { Platform } from './platform.module.js';
import { assertDurable } from './postgres/durability.js';
import type { Settings } from './settings.js';

export interface OpenPlatform extends Platform {
  /** A newly created admin key, to be shown once; null if there was one already. */
  firstKey: string | null;
}

/** Connects, rejects a database that may lose data, runs the migrations and makes sure there is an admin key. Leaves nothing open if it throws. */
export async function openPlatform(
  settings: Settings,
  databaseUrl: string,
  logger: AppLogger,
): Promise<OpenPlatform> {
  const dataSource = createDataSource(databaseUrl, {
    poolSize: settings.databasePoolSize,
    onPoolError: (err) => logger.warn({ err }, 'idle database connection lost'),
  });
  try {
    await dataSource.initialize();
    await assertDurable((sql) => dataSource.query(sql), settings.allowDataLossForTests);
    const prepared = await migrate(dataSource, async () => {
      await openOutbox(dataSource.manager);
      return {
        installation: await openInstallation(dataSource, settings.secretsKey),
        firstKey: await dataSource.transaction((manager) =>
          ensureAdminKey(manager, new AuditLog(), settings.bootstrapApiKey),
        ),
      };
    });
    return { settings, dataSource, logger, ...prepared };
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw error;
  }
}
