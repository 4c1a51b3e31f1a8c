import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';

/** Starts an embedded database, reports the result and waits to be killed. */
const [dataDir = '', ...postgresFlags] = process.argv.slice(2);
try {
  const { url, pid } = await startEmbeddedPostgres({ dataDir, log: () => undefined, postgresFlags });
  console.log(JSON.stringify({ url, pid }));
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }));
}
