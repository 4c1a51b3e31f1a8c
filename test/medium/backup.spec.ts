import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { backUp } from '../../src/platform/postgres/backup.js';
import { verifyBackup } from '../../src/platform/postgres/backup-format.js';
import { restore } from '../../src/platform/postgres/restore.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';
import { makeTempDir } from '../support/temp-dir.js';

class First1000000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE a_child (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent integer NOT NULL);
      CREATE TABLE z_parent (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C");
      ALTER TABLE a_child ADD FOREIGN KEY (parent) REFERENCES z_parent;
      CREATE TABLE seed (one boolean PRIMARY KEY, "a Column" text);
      INSERT INTO seed VALUES (true, 'by the migration');
      CREATE TABLE odd (t text, b bytea, d double precision, n numeric, list text[], j jsonb, at timestamptz, day date,
        twice integer GENERATED ALWAYS AS (length(t) * 2) STORED);
      CREATE TABLE fact (at timestamptz NOT NULL, n integer) PARTITION BY RANGE (at);
      CREATE TABLE fact_default PARTITION OF fact DEFAULT;
      CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := 'TRIGGERED'; RETURN NEW; END $$;`);
  }
  async down(): Promise<void> {}
}

class Second1000000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE z_parent ADD COLUMN later integer DEFAULT 7');
  }
  async down(): Promise<void> {}
}

const FILL = `
  INSERT INTO z_parent (name) SELECT 'p' || i FROM generate_series(1, 100) i;
  DELETE FROM z_parent WHERE id BETWEEN 40 AND 60;
  CREATE TRIGGER shout BEFORE INSERT ON z_parent FOR EACH ROW EXECUTE FUNCTION shout();
  INSERT INTO a_child (parent) SELECT 1 + i % 30 FROM generate_series(1, 1000) i;
  UPDATE seed SET "a Column" = 'changed';
  INSERT INTO odd VALUES
    (E'tab\\t newline\\n back\\\\slash \\\\N ü €', '\\x00ff0a5c', 0.1::float8 + 0.2, 123456789012345678901234567890.5, '{a,NULL,"x,y"}',
     '{"k": [1, null, "\\\\n"]}', 'infinity', '-infinity'),
    (NULL, NULL, 'NaN', 'NaN', '{}', 'null', '2024-02-29 12:00:00.123456+02', '2024-02-29');
  CREATE TABLE fact_2024 PARTITION OF fact FOR VALUES FROM ('2024-01-01Z') TO ('2025-01-01Z');
  INSERT INTO fact SELECT '2023-12-31Z'::timestamptz + i * interval '1 hour', i FROM generate_series(1, 20000) i;`;

const databases: TestDatabase[] = [];
const sources: DataSource[] = [];
let dir: string;
let file: string;

async function connect(url: string, ...migrations: (new () => MigrationInterface)[]): Promise<DataSource> {
  const source = await new DataSource({
    type: 'postgres',
    url,
    migrations,
    installExtensions: false,
    logging: false,
  }).initialize();
  sources.push(source);
  return source;
}

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  databases.push(database);
  return database;
}

async function filled(...migrations: (new () => MigrationInterface)[]): Promise<TestDatabase> {
  const database = await emptyDatabase();
  const source = await connect(database.url, ...migrations);
  await source.runMigrations();
  await source.query(FILL);
  return database;
}

/** Tables and their rows as text, read in another way than the backup does. */
async function dump(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`);
    sums[name] = `${rows.length} ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`;
  }
  await client.end();
  return sums;
}

beforeEach(async () => {
  dir = await makeTempDir('steward-backup-');
  file = path.join(dir, 'backup');
});

afterEach(async () => {
  for (const source of sources.splice(0)) await source.destroy();
  for (const database of databases.splice(0)) await database.drop();
  await rm(dir, { recursive: true, force: true });
});

describe(restore.name, () => {
  it('restores every table, partition and sequence', async () => {
    const before = await filled(First1000000000001);
    const header = await backUp(before.url, file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['backup']);

    const after = await emptyDatabase();
    const source = await connect(after.url, First1000000000001);
    expect(await restore(source, file)).toEqual(header);
    const dumped = await dump(after.url);
    expect(dumped).toEqual(await dump(before.url));
    expect(dumped.fact_2024).toMatch(/^8784 /);
    expect(await source.query('INSERT INTO a_child (parent) VALUES (1) RETURNING id::int')).toEqual([
      { id: 1001 },
    ]);
    expect(await source.showMigrations()).toBe(false);
  });

  it('upgrades the backup of an older release', async () => {
    await backUp((await filled(First1000000000001)).url, file);
    const source = await connect((await emptyDatabase()).url, First1000000000001, Second1000000000002);
    await restore(source, file);
    expect(await source.showMigrations()).toBe(true);
    await source.runMigrations();
    expect(await source.query('SELECT DISTINCT later FROM z_parent')).toEqual([{ later: 7 }]);
  });

  it('ignores tables that no migration creates', async () => {
    const before = await filled(First1000000000001);
    const source = await connect(before.url);
    await source.query('CREATE TABLE notes (id serial, one int)');
    await source.query('INSERT INTO notes (one) SELECT generate_series(1, 50000)');
    await backUp(before.url, file);
    const after = await emptyDatabase();
    const restored = await restore(await connect(after.url, First1000000000001), file);
    expect(restored.tables.map(({ name }) => name)).not.toContain('notes');
    await source.query('DROP TABLE notes');
    expect(await dump(after.url)).toEqual(await dump(before.url));
  });

  it('rejects the backup of a newer release', async () => {
    await backUp((await filled(First1000000000001, Second1000000000002)).url, file);
    const after = await emptyDatabase();
    const source = await connect(after.url, First1000000000001);
    await expect(restore(source, file)).rejects.toThrow(/newer release.*Second1000000000002/s);
    expect(await dump(after.url)).toEqual({});
  });

  it('rejects a database that is not empty and leaves it unchanged', async () => {
    const before = await filled(First1000000000001);
    await backUp(before.url, file);
    const source = await connect(before.url, First1000000000001);
    const untouched = await dump(before.url);
    await expect(restore(source, file)).rejects.toThrow('not empty');
    expect(await dump(before.url)).toEqual(untouched);
  });

  it('rejects a file that is truncated or has one bit changed anywhere', async () => {
    await backUp((await filled(First1000000000001)).url, file);
    const after = await emptyDatabase();
    const source = await connect(after.url, First1000000000001);
    const whole = await readFile(file);
    const broken = path.join(dir, 'broken');
    for (let i = 0; i < 20; i++) {
      // The first ten bytes are gzip's own and partly without meaning.
      const at = 10 + Math.floor(((whole.length - 11) * i) / 19);
      await writeFile(broken, whole.subarray(0, at));
      await expect(restore(source, broken)).rejects.toThrow('is truncated or is damaged');
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      await writeFile(broken, flipped);
      await expect(restore(source, broken)).rejects.toThrow('is truncated or is damaged');
    }
    expect(await dump(after.url)).toEqual({});
  });

  it('rolls back when the restored rows differ', async () => {
    await backUp((await filled(First1000000000001)).url, file);
    class Different1000000000001 implements MigrationInterface {
      name = First1000000000001.name;
      async up(runner: QueryRunner): Promise<void> {
        await new First1000000000001().up(runner);
        await runner.query('ALTER TABLE odd ALTER d TYPE real');
      }
      async down(): Promise<void> {}
    }
    const after = await emptyDatabase();
    const source = await connect(after.url, Different1000000000001);
    await expect(restore(source, file)).rejects.toThrow('Table odd came out different');
    expect(await dump(after.url)).toEqual({});
  });
});

describe(backUp.name, () => {
  it('takes a consistent snapshot while others write', async () => {
    const before = await filled(First1000000000001);
    const source = await connect(before.url, First1000000000001);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing; i++) {
        await source.query(
          `WITH p AS (INSERT INTO z_parent (name) VALUES ('w') RETURNING id) INSERT INTO fact SELECT '2030-01-01Z', id FROM p`,
        );
      }
    })();
    await backUp(before.url, file);
    writing = false;
    await writer;
    const after = await connect((await emptyDatabase()).url, First1000000000001);
    await restore(after, file);
    const [row] = await after.query<{ parents: string; facts: string }[]>(
      `SELECT (SELECT count(*) FROM z_parent) AS parents, (SELECT count(*) FROM fact) AS facts`,
    );
    expect(Number(row?.facts) - 20_000).toBe(Number(row?.parents) - 79);
    expect(Number(row?.facts)).toBeLessThan(
      Number((await source.query<{ n: string }[]>('SELECT count(*) AS n FROM fact'))[0]?.n),
    );
  });

  it('does not overwrite a file', async () => {
    await writeFile(file, 'precious');
    await expect(backUp((await filled(First1000000000001)).url, file)).rejects.toThrow('already exists');
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  it("covers the service's own tables", async () => {
    const before = await createTestDatabase();
    databases.push(before);
    const header = await backUp(before.url, file);
    expect(header.tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['api_key', 'audit_entry', 'migrations']),
    );
    expect(await verifyBackup(file)).toEqual(header);
    const after = await emptyDatabase();
    const source = await createDataSource(after.url).initialize();
    sources.push(source);
    await restore(source, file);
    expect(await source.showMigrations()).toBe(false);
    expect(await dump(after.url)).toEqual(await dump(before.url));
  });
});
