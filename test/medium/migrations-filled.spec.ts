import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { migrations } from '../../src/platform/database/migrations.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

/** The last migration of release 0.1: the rows below are as that release stored them. */
const LAST_OF_RELEASE = 'Forecast1763800420000';
/** Was added to the expected loss of accounts that gave notice, to put them first in the list. */
const AHEAD_OF_ALL = 2 ** 52;

const ACCOUNTS = `
INSERT INTO account (id) VALUES ('A'), ('B');
INSERT INTO account_ref (ref, account_id, source) VALUES ('A', 1, 'id'), ('B', 2, 'id');
INSERT INTO contact (account_id, id, valid_from, valid_to, user_ids, email)
  VALUES (1, 'ann', '-infinity', 'infinity', '{u-1,a}', 'ann@a.example');
INSERT INTO subscription (account_id, id, valid_from, valid_to, mrr, currency) VALUES (1, 'S', '-infinity', 'infinity', 100000, 'HUF');
INSERT INTO ticket (account_id, id, valid_from, valid_to, priority) VALUES (1, 'T', '-infinity', 'infinity', 'urgent');
-- A chain, a circle with an alias that leads into it, and one that needs no change.
INSERT INTO user_alias (alias, user_id) VALUES ('a', 'b'), ('b', 'c'), ('y', 'z'), ('z', 'x'), ('x', 'y'), ('into', 'z'), ('old', 'new');
`;

const SCORES = `
INSERT INTO account_score (account_id, as_of, scorecard_id, run_id, mrr, health, confidence, band, status, tier, features, contributions,
    adjustments, layout_id, model_id, currency, risk, money, signals)
  VALUES
  (1, '2025-06-01', 1, 1, 100000, 5000, 9000, 1, 0, 'smb', '{1}', '{2}', '{}', 1, 1, 'HUF', '{1200,900,1500,3300}', '{5000000,4000000,6000000,14400}',
   '[{"key": "seats", "text": "90 % of seats in use"}, {"key": "productMissing", "text": "45 % of its tier have Report % Builder"}]'),
  (2, '2025-06-01', 1, 1, NULL, 4000, 9000, 2, 0, 'smb', '{1}', '{2}', '{}', 1, 1, 'HUF', '{2000,1000,3000,6000}', NULL,
   '[{"key": "seats", "text": "all seats in use"}]'),
  (1, '2025-05-31', 1, 1, NULL, NULL, 0, 2, 1, 'smb', '{1}', '{2}', '{}', 1, 1, 'HUF', NULL, ARRAY[NULL, NULL, NULL, 0], NULL);
INSERT INTO score_run (as_of, days, status, finished_at) VALUES ('2025-06-01', '{2025-06-01}', 'succeeded', '2025-06-01T02:00:00Z');
INSERT INTO score_day (as_of, run_id, currency, peers, model_id, finished_at) VALUES
  ('2025-06-01', 1, 'HUF', '{}', 1, '2025-06-01T02:00:00Z'), ('2025-06-02', 2, 'HUF', '{}', 1, NULL);
INSERT INTO account_current (account_id, band, status, tier, stage, csm, name, expected_loss, churn_risk, health, mrr, ltv, renews_at, item)
  VALUES
  (1, 1, 0, 'smb', 'adopted', 'eva', 'acme', ${AHEAD_OF_ALL} + 14400, 1200, 5000, 100000, 5000000, '2025-09-01',
   '{"id": "A", "mrr": {"amount": 100000, "currency": "HUF"}}'),
  (2, 2, 0, 'smb', 'adopted', NULL, NULL, 700, 2000, 4000, NULL, NULL, NULL, '{"id": "B", "mrr": null}');
-- A full run was filling it.
CREATE TABLE account_next (LIKE account_current INCLUDING ALL);
`;

const OTHERS = `
INSERT INTO outbox (topic, account_id, payload) VALUES ('risk.raised', 1, '{"n": 1}'), ('source.silent', NULL, '{"n": 2}');
INSERT INTO forecast (made_on, at, currency, accounts, without_mrr, steps) VALUES ('2025-01-31', '2025-02-01', 'HUF', 2, 1, '[]');
INSERT INTO forecast_month (made_on, month, start_mrr, up_for_renewal, renew, contract, expand, leave, end_mrr, accounts_leaving, actual, actual_at)
  SELECT '2025-01-31', month, '{9,8,10}', 3, '{3,2,4}', '{1,0,2}', '{1,0,2}', '{1,0,2}', '{9,7,11}', '{10,0,20}', actual, at
  FROM (VALUES (date '2025-02-01', 1000::bigint, timestamptz '2025-08-01'), ('2025-03-01', NULL, '2025-08-01'), ('2025-04-01', NULL, NULL))
    AS m(month, actual, at);
`;

describe('migrations on the tables of release 0.1', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  const migrate = async (some: typeof migrations): Promise<void> => {
    for (const Migration of some) {
      await dataSource.transaction(async ({ queryRunner }) => {
        if (!queryRunner) throw new Error('a transaction without a query runner');
        await new Migration().up(queryRunner);
      });
    }
  };
  const upgrade = async (...filled: string[]): Promise<void> => {
    const first = migrations.findIndex(({ name }) => name === LAST_OF_RELEASE) + 1;
    await migrate(migrations.slice(0, first));
    for (const rows of filled) await dataSource.query(rows);
    await migrate(migrations.slice(first));
  };
  const rowsOf = (sql: string): Promise<object[]> => dataSource.query(sql);

  beforeEach(async () => {
    database = await createEmptyDatabase();
    dataSource = await createDataSource(database.url, { poolSize: 2 }).initialize();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('keep every row, in its new shape', async () => {
    await upgrade(ACCOUNTS, SCORES, OTHERS);

    expect(await rowsOf('SELECT * FROM user_alias ORDER BY alias')).toEqual([
      { alias: 'a', user_id: 'c' },
      { alias: 'b', user_id: 'c' },
      { alias: 'into', user_id: 'x' },
      { alias: 'old', user_id: 'new' },
      { alias: 'y', user_id: 'x' },
      { alias: 'z', user_id: 'x' },
    ]);
    expect(await rowsOf('SELECT account_id, id, user_ids, email FROM contact')).toEqual([
      { account_id: 1, id: 'ann', user_ids: ['u-1', 'a'], email: 'ann@a.example' },
    ]);
    expect(
      await rowsOf(
        `SELECT id, person FROM joined_people((SELECT jsonb_agg(user_ids) FROM contact)) ORDER BY id`,
      ),
    ).toEqual([
      { id: 'a', person: 'a' },
      { id: 'u-1', person: 'a' },
    ]);
    expect(
      await rowsOf(
        'SELECT mrr, currency, notice_period_days, churn_reason, service_targets FROM subscription',
      ),
    ).toEqual([
      { mrr: 100_000, currency: 'HUF', notice_period_days: null, churn_reason: null, service_targets: null },
    ]);
    expect(await rowsOf('SELECT priority, subject, status FROM ticket')).toEqual([
      { priority: 'urgent', subject: null, status: null },
    ]);

    expect(
      await rowsOf(`SELECT account_id, as_of, mrr, churn_risk, churn_risk_low, churn_risk_high, churn_risk12m, ltv, ltv_low, ltv_high,
        expected_loss, signals FROM account_score ORDER BY as_of DESC, account_id`),
    ).toEqual([
      {
        account_id: 1,
        as_of: '2025-06-01',
        mrr: 100_000,
        churn_risk: 1_200,
        churn_risk_low: 900,
        churn_risk_high: 1_500,
        churn_risk12m: 3_300,
        ltv: 5_000_000,
        ltv_low: 4_000_000,
        ltv_high: 6_000_000,
        expected_loss: 14_400,
        signals: [
          { key: 'seats', text: '90 % of seats in use' },
          {
            key: 'productMissing',
            text: '45 % of its tier have Report % Builder',
            product: 'Report % Builder',
          },
        ],
      },
      {
        account_id: 2,
        as_of: '2025-06-01',
        mrr: null,
        churn_risk: 2_000,
        churn_risk_low: 1_000,
        churn_risk_high: 3_000,
        churn_risk12m: 6_000,
        ltv: null,
        ltv_low: null,
        ltv_high: null,
        expected_loss: null,
        signals: [{ key: 'seats', text: 'all seats in use' }],
      },
      {
        account_id: 1,
        as_of: '2025-05-31',
        mrr: null,
        churn_risk: null,
        churn_risk_low: null,
        churn_risk_high: null,
        churn_risk12m: null,
        ltv: null,
        ltv_low: null,
        ltv_high: null,
        expected_loss: 0,
        signals: null,
      },
    ]);

    const shared = { half: 0, run_id: 0, item_version: 0, status: 0, tier: 'smb', stage: 'adopted' };
    const unknown = { health_change30d: null, expansion: null };
    expect(await rowsOf('SELECT * FROM account_now ORDER BY account_id')).toEqual([
      {
        ...shared,
        ...unknown,
        account_id: 1,
        band: 1,
        csm: 'eva',
        currency: 'HUF',
        name: 'acme',
        urgency: AHEAD_OF_ALL + 14_400,
        expected_loss: 14_400,
        churn_risk: 1_200,
        health: 5_000,
        mrr: 100_000,
        ltv: 5_000_000,
        renews_at: '2025-09-01',
        item: { id: 'A', mrr: { amount: 100_000, currency: 'HUF' } },
      },
      {
        ...shared,
        ...unknown,
        account_id: 2,
        band: 2,
        csm: null,
        currency: 'USD',
        name: null,
        urgency: 700,
        expected_loss: 700,
        churn_risk: 2_000,
        health: 4_000,
        mrr: null,
        ltv: null,
        renews_at: null,
        item: { id: 'B', mrr: null },
      },
    ]);
    expect(
      await rowsOf(`SELECT to_regclass('account_next') AS next, to_regclass('account_listed') AS listed`),
    ).toEqual([{ next: null, listed: null }]);
    expect(await rowsOf('SELECT as_of FROM score_day')).toEqual([{ as_of: '2025-06-01' }]);

    expect(
      await rowsOf(
        'SELECT topic, account_id, payload, generation, xid IS NOT NULL AS placed FROM outbox ORDER BY generation, xid, outbox_id',
      ),
    ).toEqual([
      { topic: 'risk.raised', account_id: 1, payload: { n: 1 }, generation: 0, placed: true },
      { topic: 'source.silent', account_id: null, payload: { n: 2 }, generation: 0, placed: true },
    ]);
    expect(
      await rowsOf(`SELECT generation, system_identifier = (SELECT system_identifier::text FROM pg_control_system()) AS here
        FROM outbox_generation`),
    ).toEqual([{ generation: 0, here: true }]);
    for (const table of ['clock_correction', 'outbox_consumer', 'outbox_delivery', 'job_run', 'csm'])
      expect({ table, rows: await rowsOf(`SELECT * FROM ${table}`) }).toEqual({ table, rows: [] });
  });

  it('have amounts computed again that may have the wrong digits', async () => {
    await upgrade(ACCOUNTS, SCORES, OTHERS);
    const months = await rowsOf(
      'SELECT month, end_mrr, actual, actual_at FROM forecast_month ORDER BY month',
    );
    const reset = { end_mrr: [9, 7, 11], actual: null, actual_at: null };
    expect(months).toEqual(['2025-02-01', '2025-03-01', '2025-04-01'].map((month) => ({ month, ...reset })));
    const [, ...queued] = await rowsOf(
      `SELECT as_of = (now() AT TIME ZONE 'UTC')::date AS today, days = ARRAY[as_of] AS "oneDay", status, slot FROM score_run ORDER BY run_id`,
    );
    expect(queued).toEqual([{ today: true, oneDay: true, status: 'queued', slot: null }]);
  });

  it('request no scores where there are no accounts', async () => {
    await upgrade();
    expect(await rowsOf('SELECT * FROM score_run')).toEqual([]);
  });
});
