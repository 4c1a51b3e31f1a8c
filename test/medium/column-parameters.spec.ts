import type { DataSource } from 'typeorm';
import {
  type Column,
  parameterOf,
  selected,
  type ColumnValue,
} from '../../src/platform/database/column-parameters.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

describe(selected.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createEmptyDatabase();
    dataSource = await createDataSource(database.url, { poolSize: 1 }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it.each<[Column<ColumnValue>['type'], ColumnValue[]]>([
    ['text', ['']],
    ['text', [null]],
    ['text', ['', '']],
    ['text', [null, '']],
    ['text', ['', null]],
    ['text', ['a', '', null, '{"b"}', 'NULL']],
    ['date', ['2024-02-29', null]],
    ['smallint', [1, null]],
    ['smallint[]', [[1, null], [], null]],
    ['jsonb', [null, '{"a":1}']],
  ])('returns a column of %s unchanged: %j', async (type, values) => {
    const column: Column<ColumnValue> = { name: 'value', type, of: (value) => value };
    const place: Column<ColumnValue> = { name: 'place', type: 'int', of: () => 0 };
    const rows = await dataSource.query<{ value: unknown }[]>(
      `SELECT ${selected(place, 1)}, ${selected(column, 2)}`,
      [parameterOf(place, values), parameterOf(column, values)],
    );
    const given = values.map(
      (value) => (type === 'jsonb' && value !== null ? JSON.parse(String(value)) : value) as unknown,
    );
    expect(rows.map(({ value }) => value)).toEqual(given);
  });
});
