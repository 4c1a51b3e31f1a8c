import 'reflect-metadata';
import { createDataSource } from '../database/data-source.js';
import { runCommand } from './command.js';
import { openAlone } from './connect.js';
import { restore } from './restore.js';

await runCommand('npm run restore -- FILE', async (file, settings, log) => {
  const database = await openAlone(settings, log);
  const dataSource = createDataSource(database.url, { poolSize: 3, applicationName: 'steward restore' });
  try {
    await dataSource.initialize();
    const { tables, createdAt } = await restore(dataSource, file);
    // The migrations of this release that the backup does not have yet.
    await dataSource.runMigrations({ transaction: 'each' });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    return `${file} of ${createdAt}: ${tables.length} tables, ${rows} rows restored. Row counts and checksums match.`;
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.close();
  }
});
