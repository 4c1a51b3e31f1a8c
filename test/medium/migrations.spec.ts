import { isDeepStrictEqual } from 'node:util';
import { getMetadataStorage } from 'class-validator';
import type { DataSource, MigrationInterface } from 'typeorm';
import { recordKinds } from '../../src/intake/kinds/kinds.js';
import { loadSettings } from '../../src/platform/settings.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { migrations } from '../../src/platform/database/migrations.js';
import { ModelsRepository } from '../../src/scoring/models/models.repository.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';

/** Everything a migration makes, as text: columns with types, defaults and collations, keys, checks, indexes, functions, triggers, types. */
const CATALOGUE = `
  SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || a.attidentity::text ||
         CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || coalesce(' collate ' || l.collname, '') ||
         coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || ' ' || a.attstorage::text AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'sequence ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
  UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
  ORDER BY 1`;

/** Migrations that change only rows; migrations-filled.spec.ts tests them. */
const ROWS_ONLY = new Set(['RecomputeAmounts1764500500001']);

const INTERVAL = new Set(['account_id', 'id', 'valid_from', 'valid_to']);
/** Who the record is, whose it is and from when it holds: columns of every kind. */
const BESIDE = new Set(['id', 'accountId', 'effectiveAt']);

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function catalogueOf(dataSource: DataSource): Promise<string[]> {
  return (await dataSource.query<{ line: string }[]>(CATALOGUE)).map(({ line }) => line);
}

async function inOneTransaction(
  dataSource: DataSource,
  migration: MigrationInterface,
  way: 'up' | 'down',
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    if (!manager.queryRunner) throw new Error('a transaction without a query runner');
    await migration[way](manager.queryRunner);
  });
}

describe('the list of migrations', () => {
  it('is ordered by the timestamps in the names', () => {
    const stamps = migrations.map(({ name }) => Number(/\d{13}$/.exec(name)?.[0]));
    expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b));
  });
});

describe('migrations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const open = async (make: () => Promise<TestDatabase>): Promise<void> => {
    database = await make();
    dataSource = await createDataSource(database.url, { poolSize: 2 }).initialize();
  };
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('leave no difference from the entities', async () => {
    await open(createTestDatabase);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('revert and reapply one by one', async () => {
    await open(createEmptyDatabase);
    for (const Migration of migrations) {
      const migration = new Migration();
      const before = await catalogueOf(dataSource);
      await inOneTransaction(dataSource, migration, 'up');
      const after = await catalogueOf(dataSource);
      expect(isDeepStrictEqual(after, before)).toBe(ROWS_ONLY.has(Migration.name));
      await inOneTransaction(dataSource, migration, 'down');
      expect(await catalogueOf(dataSource)).toEqual(before);
      await inOneTransaction(dataSource, migration, 'up');
      expect(await catalogueOf(dataSource)).toEqual(after);
    }
  });

  it('keep the scorecards and models of the previous release', async () => {
    await open(createEmptyDatabase);
    const first = migrations.findIndex(({ name }) => name.startsWith('Models'));
    const up = async (some: typeof migrations): Promise<void> => {
      for (const Migration of some) await inOneTransaction(dataSource, new Migration(), 'up');
    };
    await up(migrations.slice(0, first));
    const churn = {
      basis: 'prior',
      kappa: 0.35,
      base: -20_000,
      means: { default: [5_000] },
      churned: 3,
      windows: 40,
    };
    const expansion = { basis: 'prior', base: -2.5, expanded: 2, windows: 40 };
    const terms = { margin: 0.8, yearlyRate: 0.1, horizonMonths: 60 };
    for (const version of [1, 2]) {
      await dataSource.query(
        `INSERT INTO model (key, version, basis, as_of, definition) VALUES ('churn', $1, 'prior', '2025-01-01', $2)`,
        [version, { churn: { ...churn, churned: version }, expansion, terms }],
      );
    }
    await up(migrations.slice(first));
    const models = new ModelsRepository(dataSource, loadSettings({}));
    for (const version of [1, 2]) {
      expect(await models.get(version)).toEqual({
        modelId: version,
        version,
        churn: { ...churn, churned: version },
        contraction: null,
        expansion: { basis: 'prior', base: -2.5, scale: 1, happened: 2, windows: 40 },
        terms,
      });
    }
    expect(await models.trained('churn')).toBeNull();
    expect((await models.inUse('churn'))?.version).toBe(2);
    for (const Migration of migrations.slice(first).reverse()) {
      await inOneTransaction(dataSource, new Migration(), 'down');
    }
    expect(await dataSource.query('SELECT * FROM model')).toEqual([]);
  });

  // A patch is laid into the row by column name; what has no column would be lost without a word.
  it('give each kind a table with exactly the columns of its fields', async () => {
    await open(createTestDatabase);
    for (const { table, dto } of recordKinds()) {
      const rows = await dataSource.query<{ name: string }[]>(
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
        [table],
      );
      const columns = rows.map(({ name }) => name).filter((name) => !INTERVAL.has(name));
      const fields = getMetadataStorage()
        .getTargetValidationMetadatas(dto, '', false, false)
        .map(({ propertyName }) => propertyName);
      const stored = [...new Set(fields)].filter((name) => !BESIDE.has(name)).map(snakeCase);
      expect({ table, columns: columns.sort() }).toEqual({ table, columns: stored.sort() });
    }
  });
});
