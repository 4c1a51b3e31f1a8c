import { OperatorError } from './operator-error.js';

/** Older versions lack features that the migrations and queries use. */
const OLDEST_MAJOR = 15;

type Query = (sql: string) => Promise<unknown>;

/**
 * Acknowledged data must survive a power cut. With one of these settings off, PostgreSQL reports a commit before it is
 * durable, so the service does not start.
 */
export async function assertDurable(query: Query, allowUnsafe: boolean): Promise<void> {
  const rows = (await query(
    `SELECT name, setting FROM pg_settings
     WHERE name IN ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name`,
  )) as { name: string; setting: string }[];
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const major = Math.floor(Number(settings.get('server_version_num')) / 10_000);
  if (!(major >= OLDEST_MAJOR)) {
    throw new OperatorError(
      `PostgreSQL ${OLDEST_MAJOR} or newer is needed; this server is PostgreSQL ${major}.`,
    );
  }
  settings.delete('server_version_num');
  const off = [...settings].filter(([, setting]) => setting === 'off').map(([name]) => name);
  if (off.length === 0 || allowUnsafe) return;
  throw new OperatorError(
    `PostgreSQL runs with ${off.join(' and ')} off, so committed data can be lost. Turn ${off.length > 1 ? 'them' : 'it'} on. ` +
      '(For a test only: ALLOW_DATA_LOSS_FOR_TESTS=yes.)',
  );
}
