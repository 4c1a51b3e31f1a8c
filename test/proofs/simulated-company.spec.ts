import pg from 'pg';
import type { DataSource } from 'typeorm';
import { loadCompany } from '../../bench/company/load-company.js';
import { KINDS, simulate } from '../../src/demo/simulate.js';
import { StewardClient } from '../../src/demo/steward-client.js';
import { RollUpService } from '../../src/intake/events/roll-up.service.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { loadSettings } from '../../src/platform/settings.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** So far back that days before it are over at both clocks. */
const until = new Date('2025-03-10T10:00:00Z');
const DAYS = ['2024-10-31', '2025-01-31', '2025-02-17', '2025-03-09'];

describe(loadCompany.name, () => {
  let app: TestApp;
  let database: TestDatabase;
  let loaded: DataSource;
  const simulation = simulate({ seed: 3, accounts: 24, months: 7, until, monthlyChurn: 0.08, treated: 0.1 });
  const settings = loadSettings({ FEATURE_TRAITS: 'employees,leadScore', FEATURE_GAUGES: 'projects' });

  beforeAll(async () => {
    app = await startTestApp({ eventRetentionDays: 36_500 });
    const client = new StewardClient(app.url, app.key);
    for (const kind of KINDS) {
      const answer = await client.importRecords(kind, [...simulation.facts(kind)]);
      expect(answer).toMatchObject({ rejected: 0, quarantined: 0 });
    }
    await app.app.get(RollUpService, { strict: false }).drain();
    database = await createTestDatabase();
    const db = new pg.Client({ connectionString: database.url });
    await db.connect();
    await loadCompany(db, simulation);
    await db.end();
    loaded = await createDataSource(database.url).initialize();
  });
  afterAll(async () => {
    await loaded?.destroy();
    await database?.drop();
    await app?.stop();
  });

  const rows = (dataSource: DataSource, sql: string): Promise<object[]> => dataSource.query(sql);

  it('produces the same features as intake and the roll-up', async () => {
    const sut = new FeaturesRepository(settings, { now: () => new Date() });
    const byId = async (dataSource: DataSource, day: string): Promise<Map<string, object>> => {
      const ids: { account_id: number; id: string }[] = await dataSource.query(
        'SELECT account_id, id FROM account',
      );
      const names = new Map(ids.map(({ account_id, id }) => [account_id, id]));
      const all = await sut.features(dataSource.manager, day);
      return new Map(all.map(({ accountId, ...rest }) => [names.get(accountId) ?? '', rest]));
    };
    for (const day of DAYS) {
      const taken = await byId(app.dataSource, day);
      expect(taken.size).toBeGreaterThan(12);
      expect(await byId(loaded, day)).toEqual(taken);
    }
  });

  it.each([
    ['usage_day', 'SELECT a.id, day, event, events, value FROM usage_day JOIN account a USING (account_id)'],
    ['user_month', 'SELECT a.id, month, user_id, days FROM user_month JOIN account a USING (account_id)'],
    ['used_day', 'SELECT day FROM used_day'],
    ['account', 'SELECT id, first_fact_at FROM account'],
    ['account_ref', 'SELECT ref, source FROM account_ref'],
    ['statement', 'SELECT kind, record_id, effective_at, replaces, patch FROM statement'],
    ['contact', 'SELECT id, valid_from, valid_to, user_ids, email, role, consents FROM contact'],
    ['subscription', `SELECT to_jsonb(s) - 'account_id' AS state FROM subscription s`],
    ['ticket', `SELECT to_jsonb(t) - 'account_id' AS state FROM ticket t`],
  ])('produces the same rows of %s', async (_, sql) => {
    const sorted = `SELECT to_jsonb(t) AS row FROM (${sql}) AS t ORDER BY 1`;
    const taken = await rows(app.dataSource, sorted);
    expect(taken.length).toBeGreaterThan(20);
    expect(await rows(loaded, sorted)).toEqual(taken);
  });
});
