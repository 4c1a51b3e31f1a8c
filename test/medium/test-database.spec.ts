import pg from 'pg';
import { createTestDatabase } from '../support/database.js';

describe(createTestDatabase.name, () => {
  it('gives each caller its own migrated database', async () => {
    const [one, two] = [await createTestDatabase(), await createTestDatabase()];
    expect(one.url).not.toBe(two.url);
    const client = new pg.Client({ connectionString: one.url });
    await client.connect();
    const { rows } = await client.query<{ n: string }>('SELECT count(*) AS n FROM migrations');
    await client.end();
    expect(Number(rows[0]?.n)).toBeGreaterThan(0);
    await Promise.all([one.drop(), two.drop()]);
  });
});
