import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { dayOf } from '../../src/platform/days.js';
import { AccountListRepository } from '../../src/portfolio/list/account-list.repository.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Facts } from '../support/facts.js';
import { makeRunner } from '../support/scoring.js';

const TODAY = dayOf(new Date());
const BY_NAME = { key: 'name', descending: false } as const;

describe(AccountListRepository.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let sut: AccountListRepository;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url, { poolSize: 2 }).initialize();
    sut = new AccountListRepository(dataSource);
    const facts = new Facts(dataSource);
    for (const [place, name] of ['Ärzte GmbH', 'Zoo', 'ÉCOLE', 'ärmel', null].entries()) {
      await facts.account({ id: `Id-${place}`, name });
    }
    await new ScoreRunsRepository().create(dataSource.manager, [TODAY]);
    await makeRunner(dataSource).work();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it.each([
    ['Ärzte', 1],
    ['ärzte', 1],
    ['rzte', 1],
    ['ÄR', 2],
    ['école', 1],
    ['ID-3', 1],
    ['arzte', 0],
  ])('finds a name or id by %s, today and on a past day', async (q, count) => {
    const today = await sut.current(TODAY, { q }, BY_NAME, null, 10);
    const past = await sut.past(TODAY, { q }, BY_NAME, null, 10);
    expect(today).toHaveLength(count);
    expect(past.map((row) => row.account_id)).toEqual(today.map((row) => row.account_id));
  });

  it('orders by name, today and on a past day', async () => {
    const today = await sut.current(TODAY, {}, BY_NAME, null, 10);
    const past = await sut.past(TODAY, {}, BY_NAME, null, 10);
    expect(past.map((row) => row.position)).toEqual(['zoo', 'ärmel', 'ärzte gmbh', 'école', null]);
    expect(today.map((row) => row.position)).toEqual(past.map((row) => row.position));
  });

  it('fills a page from accounts with and without a value', async () => {
    const all = await sut.current(TODAY, {}, BY_NAME, null, 10);
    for (let limit = 1; limit <= 5; limit++) {
      expect(await sut.current(TODAY, {}, BY_NAME, null, limit)).toEqual(all.slice(0, limit));
    }
    const third = all[2]!;
    const after = [null, third.position, third.account_id] as const;
    expect(await sut.current(TODAY, {}, BY_NAME, [...after], 2)).toEqual(all.slice(3, 5));
  });

  it('needs no extra statement for the rest of a page', async () => {
    const own = await createDataSource(database.url, { poolSize: 1 }).initialize();
    const prepared = async (): Promise<number> =>
      (await own.query<object[]>('SELECT FROM pg_prepared_statements')).length;
    const list = new AccountListRepository(own);
    const page = await list.current(TODAY, {}, BY_NAME, null, 5);
    for (const { position, account_id } of page.slice(0, 3)) {
      await list.current(TODAY, {}, BY_NAME, [null, position, account_id], 5);
    }
    // The two of the first page, and the first of those after.
    expect(await prepared()).toBe(3);
    await own.destroy();
  });
});
