import { backUp } from './backup.js';
import { runCommand } from './command.js';
import { openBeside } from './connect.js';

await runCommand('npm run backup -- FILE', async (file, settings, log) => {
  const database = await openBeside(settings, log);
  try {
    const { tables } = await backUp(database.url, file);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    return `${file}: ${tables.length} tables, ${rows} rows. It contains personal data and secrets: protect it like the database.`;
  } finally {
    await database.close();
  }
});
