import { Outbox } from '../../src/platform/outbox/outbox.js';
import { loadSettings } from '../../src/platform/settings.js';
import { PaidSpansRepository } from '../../src/scoring/history/paid-spans.repository.js';
import { ModelChecksRepository } from '../../src/scoring/models/checks/model-checks.repository.js';
import { ModelChecksService } from '../../src/scoring/models/checks/model-checks.service.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { type FeaturesBench, openFeatures } from '../support/features.js';
import { makeRunner } from '../support/scoring.js';

const ACCOUNTS = 100;

describe(ModelChecksService.name, () => {
  let bench: FeaturesBench;
  let now = new Date('2025-06-01T12:00:00Z');
  const clock = { now: () => now };

  const sut = new ModelChecksService(
    loadSettings({}),
    clock,
    new ModelChecksRepository(),
    new PaidSpansRepository(),
    new Outbox(),
  );
  const check = () => bench.dataSource.transaction((tx) => sut.check(tx));
  const score = async (day: string): Promise<void> => {
    await new ScoreRunsRepository().create(bench.dataSource.manager, [day]);
    await makeRunner(bench.dataSource, { clock }).work();
  };
  const checks = (key: string): Promise<object[]> =>
    bench.dataSource.query(
      `SELECT c.as_of, c.accounts, c.observed, c.stale FROM model_check c JOIN model_version v USING (model_version_id)
       WHERE v.key = $1 ORDER BY c.as_of`,
      [key],
    );
  const events = async (): Promise<object[]> => {
    const rows: { payload: object }[] = await bench.dataSource.query(
      `SELECT payload FROM outbox WHERE topic = 'model.stale' ORDER BY outbox_id`,
    );
    return rows.map(({ payload }) => payload);
  };

  beforeEach(async () => {
    now = new Date('2025-06-01T12:00:00Z');
    bench = await openFeatures();
    // Nobody leaves for years, then 40 in January 2025, and as many in February.
    for (let n = 0; n < ACCOUNTS; n++) {
      const account = await bench.facts.account();
      const end = n < 40 ? '2025-01-20' : n < 80 ? '2025-02-20' : null;
      await bench.facts.subscription(account, { ended_at: end });
    }
  });
  afterEach(() => bench.close());

  it('compares month-end predictions with outcomes and emits one event when they were far off', async () => {
    await score('2024-06-30');
    await score('2024-12-31');
    await score('2025-01-15');
    await score('2025-01-31');
    await check();
    expect(await checks('churn')).toEqual([
      { as_of: '2024-06-30', accounts: 100, observed: 0, stale: false },
      { as_of: '2024-12-31', accounts: 100, observed: 80, stale: true },
      { as_of: '2025-01-31', accounts: 60, observed: 40, stale: true },
    ]);
    const told = (await events()) as { expected: number }[];
    expect(told).toEqual([
      { key: 'churn', version: 2, asOf: '2024-12-31', observed: 80, expected: expect.any(Number) as number },
    ]);
    expect(told[0]?.expected).toBeLessThan(20);
    await check();
    expect(await events()).toHaveLength(1);
    expect(await checks('expansion')).toHaveLength(3);
    expect(await checks('contraction')).toHaveLength(3);
  });

  it('emits it again after a good window in between', async () => {
    for (const day of ['2024-12-31', '2025-03-31', '2025-04-30']) await score(day);
    await check();
    expect(await events()).toHaveLength(1);
    now = new Date('2025-10-01T12:00:00Z');
    await check();
    expect(await checks('churn')).toMatchObject([
      { as_of: '2024-12-31', stale: true },
      { as_of: '2025-03-31', observed: 0, stale: false },
      { as_of: '2025-04-30', observed: 0, stale: false },
    ]);
    await bench.dataSource.query(`UPDATE subscription SET ended_at = '2025-07-01' WHERE ended_at IS NULL`);
    await score('2025-05-31');
    await check();
    expect(await events()).toHaveLength(2);
  });

  it('waits until outcomes are known', async () => {
    await score('2025-01-31');
    now = new Date('2025-05-31T23:00:00Z');
    await check();
    expect(await checks('churn')).toEqual([]);
    now = new Date('2025-06-01T00:00:00Z');
    await check();
    expect(await checks('churn')).toHaveLength(1);
  });

  it('excludes predictions by a version trained on later facts', async () => {
    await score('2024-12-31');
    await bench.dataSource.query(`UPDATE model_version SET as_of = '2025-05-01' WHERE key = 'churn'`);
    await check();
    expect(await checks('churn')).toEqual([]);
    expect(await checks('expansion')).toHaveLength(1);
  });

  it('looks past days on which no version can be judged', async () => {
    await score('2023-12-31');
    await score('2024-12-31');
    await bench.dataSource.query(`UPDATE model_version SET as_of = '2025-05-01' WHERE version = 2`);
    await bench.dataSource.query(
      `INSERT INTO score_day (as_of, run_id, currency, peers, model_id, finished_at)
       SELECT date '2024-12-01' - month * interval '1 month' - interval '1 day', run_id, currency, peers, model_id, finished_at
       FROM score_day CROSS JOIN generate_series(0, 10) AS month WHERE as_of = '2024-12-31'`,
    );
    await check();
    expect(await checks('churn')).toMatchObject([{ as_of: '2023-12-31' }]);
  });
});
