import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Clock } from '../../src/platform/clock.js';
import { loadSettings } from '../../src/platform/settings.js';
import { dayOf } from '../../src/platform/days.js';
import { LayoutsRepository } from '../../src/scoring/features/layouts.repository.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { unpack } from '../../src/scoring/scores/packed-score.js';
import { ScoreRunner } from '../../src/scoring/runs/score-runner.service.js';
import type { ScoreRunDto } from '../../src/scoring/queue/queued-run.dto.js';
import { LeaseLost, ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { type ScoreRow, ScoresRepository } from '../../src/scoring/scores/scores.repository.js';
import { ScorecardsRepository } from '../../src/scoring/scorecards/scorecards.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { daysUpTo, Facts } from '../support/facts.js';
import { makeRunner } from '../support/scoring.js';

const DAY = '2024-12-31';
const TODAY = dayOf(new Date());

/** Calls back before the scores of each chunk are written. */
class Watch {
  readonly seen: number[] = [];
  private calls = 0;

  constructor(private readonly before: (call: number) => Promise<void> = () => Promise.resolve()) {}

  readonly beforeWrite = async (ids: readonly number[]): Promise<void> => {
    await this.before(++this.calls);
    this.seen.push(...ids);
  };
}

describe(ScoreRunner.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let facts: Facts;
  const runs = new ScoreRunsRepository();
  const scores = new ScoresRepository();

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    facts = new Facts(dataSource);
  });
  beforeEach(async () => {
    const tables = ['account', 'account_ref', 'account_state', 'subscription', 'ticket', 'usage_day'];
    const own = [
      'exchange_rate',
      'touched_account',
      'account_score',
      'account_current',
      'score_day',
      'score_run',
      'scorecard',
      'outbox',
    ];
    await dataSource.query(`TRUNCATE ${[...tables, ...own].join(', ')}`);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const request = async (asOf = DAY): Promise<string> =>
    (await runs.create(dataSource.manager, [asOf])) ?? '';
  const get = async (id: string): Promise<ScoreRunDto> => {
    const run = await runs.find(dataSource.manager, id);
    if (!run) throw new Error('no run');
    return run;
  };
  const find = async (accountId: number, asOf = DAY): Promise<ScoreRow | null> =>
    scores.find(dataSource.manager, accountId, asOf);
  const indexesOfList = (): Promise<object[]> =>
    dataSource.query(
      `SELECT indexdef FROM pg_indexes WHERE tablename = (SELECT 'account_current_' || half FROM current_half) ORDER BY 1`,
    );
  const listed = (): Promise<{ id: number; run: string }[]> =>
    dataSource.query('SELECT account_id AS id, run_id::text AS run FROM account_now ORDER BY 1');
  const accounts = async (count: number): Promise<number[]> => {
    const ids: number[] = [];
    for (let i = 0; i < count; i++) ids.push(await facts.account());
    return ids;
  };
  const expireLease = () =>
    dataSource.query(`UPDATE score_run SET lease_until = now() - interval '1 second'`);
  const touched = async (): Promise<number[]> => {
    const rows = await dataSource.query<{ account_id: number }[]>(
      'SELECT account_id FROM touched_account ORDER BY 1',
    );
    return rows.map((row) => row.account_id);
  };

  it('stores a score that reads back complete', async () => {
    const account = await facts.account({ tier: 'smb' });
    await facts.usage(account, daysUpTo('2024-12-20', 80), 3);
    // Else usage as a whole would count as silent.
    await facts.usage(await facts.account(), daysUpTo(DAY, 80));
    await facts.subscription(account, { mrr: 123_456_789_012 });
    const id = await request();
    await makeRunner(dataSource).work();
    expect(await get(id)).toMatchObject({ status: 'succeeded', done: 2, total: 2, error: null, asOf: DAY });
    const row = await find(account);
    if (!row) throw new Error('not scored');
    const { layout } = await new LayoutsRepository(dataSource, loadSettings({})).get(row.layout_id);
    const { version } = await new ScorecardsRepository(dataSource).get(row.scorecard_id);
    expect(version).toBe(1);
    const { features, contributions, adjustments, health, status } = unpack(layout, row);
    const sut = new FeaturesRepository(loadSettings({}), new Clock());
    const live = (await sut.features(dataSource.manager, DAY)).find(({ accountId }) => accountId === account);
    expect({ features, status }).toEqual({ features: live?.features, status: live?.status });
    expect(features).toMatchObject({ daysSinceLastUse: 11, mrr: 123_456_789_012 });
    const parts = [...contributions, ...adjustments.map(({ contribution }) => contribution)];
    expect(health).toBe(parts.reduce((sum, one) => sum + one, 7_000));
    expect(row).toMatchObject({ run_id: id, currency: 'USD', tier: 'smb' });
  });

  it('stores expansion signals', async () => {
    const ids: number[] = [];
    for (const products of [['Core', 'Maps'], ['Core', 'Maps'], ['Maps'], ['Core', 'Maps'], ['Core']]) {
      const account = await facts.account({ tier: 'makers' });
      for (const product of products) await facts.subscription(account, { product });
      ids.push(account);
    }
    const growing = ids.at(-1) ?? 0;
    await facts.usage(growing, daysUpTo(DAY, 84), 1);
    await facts.usage(growing, daysUpTo(DAY, 56), 2);
    await facts.usage(growing, daysUpTo(DAY, 28), 3);
    await request();
    await makeRunner(dataSource, { settings: loadSettings({ GATE_EVENTS: 'opened' }) }).work();
    const signals = await Promise.all(ids.map(async (id) => (await find(id))?.signals));
    expect(signals.map((some) => some?.map(({ text }) => text))).toEqual([
      undefined,
      undefined,
      ['80% of its tier have Core'],
      undefined,
      [
        'usage up 200%, then 100%, in the last two 4-week periods',
        'tried a feature above its plan 84 times in 14 days',
        '80% of its tier have Maps',
      ],
    ]);
  });

  it('needs less than 600 bytes per account and day, including indexes', async () => {
    await dataSource.query(
      `INSERT INTO account (id, first_fact_at) SELECT 'bulk-' || n, '2020-01-01' FROM generate_series(1, 2000) AS n`,
    );
    await dataSource.query(
      `INSERT INTO usage_day (account_id, day, event, events) SELECT account_id, date '2024-12-01', 'opened', 5 FROM account
       UNION ALL SELECT account_id, date '2024-11-01', 'opened', 500 FROM account`,
    );
    await request();
    await makeRunner(dataSource).work();
    const [size] = await dataSource.query<{ bytes: number }[]>(
      `SELECT (pg_total_relation_size('account_score') / count(*))::int AS bytes FROM account_score`,
    );
    expect(size?.bytes).toBeGreaterThan(100);
    expect(size?.bytes).toBeLessThan(600);
  });

  it('drains pending events first', async () => {
    const account = await facts.account();
    await request();
    await makeRunner(dataSource, { drain: () => facts.usage(account, [DAY]) }).work();
    const row = await find(account);
    expect(row?.features[0]).toBe(1);
  });

  it('names a missing exchange rate and scores the rest', async () => {
    const [foreign, other] = [await facts.account(), await facts.account()];
    await facts.subscription(foreign, { currency: 'EUR', started_at: '2024-02-01' });
    await facts.subscription(other, { mrr: 500, started_at: '2024-02-01' });
    const id = await request();
    await makeRunner(dataSource).work();
    const run = await get(id);
    expect(run).toMatchObject({ status: 'succeeded', done: 2 });
    expect(run.error).toMatch(/^missing_exchange_rate: .*EUR to USD.*2024-12-31/);
    const rows = await dataSource.query<object[]>('SELECT mrr FROM account_score ORDER BY account_id');
    expect(rows).toEqual([{ mrr: null }, { mrr: 500 }]);
  });

  it('replaces the stored day and removes accounts that became internal', async () => {
    const [first = 0, , last = 0] = await accounts(3);
    await request();
    await makeRunner(dataSource).work();
    await dataSource.query('UPDATE account_state SET internal = true WHERE account_id = ANY($1)', [
      [first, last],
    ]);
    const id = await request();
    await makeRunner(dataSource, { pace: { chunk: 3 } }).work();
    const rows = await dataSource.query<object[]>('SELECT run_id::text AS run FROM account_score');
    expect(rows).toEqual([{ run: id }]);
  });

  it('clears the marks of accounts scored today, except for facts that arrive meanwhile', async () => {
    const [quiet = 0, busy = 0] = await accounts(2);
    await facts.touch(quiet);
    await facts.touch(busy);
    let arrival = Promise.resolve();
    const features = new Watch(async () => {
      // Its own connection: waits for the marks that the run has taken, as intake would.
      arrival = facts.touch(busy);
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await request(TODAY);
    await makeRunner(dataSource, { beforeWrite: features.beforeWrite }).work();
    await arrival;
    expect(await touched()).toEqual([busy]);
  });

  it('leaves the marks alone when scoring a past day', async () => {
    const [account = 0] = await accounts(1);
    await facts.touch(account);
    await request();
    await makeRunner(dataSource).work();
    expect(await touched()).toEqual([account]);
  });

  it('runs once across many instances', async () => {
    await accounts(20);
    const ids = [await request(), await request('2024-11-30')];
    const watched = [new Watch(), new Watch(), new Watch()];
    await Promise.all(
      watched.map((features) =>
        makeRunner(dataSource, { beforeWrite: features.beforeWrite, pace: { chunk: 2 } }).work(),
      ),
    );
    for (const id of ids) expect(await get(id)).toMatchObject({ status: 'succeeded', done: 20, total: 20 });
    expect(watched.flatMap(({ seen }) => seen)).toHaveLength(40);
  });

  it('continues where a killed instance stopped', async () => {
    const all = await accounts(10);
    const id = await request();
    const killed = new Watch((call) => (call === 3 ? new Promise(() => undefined) : Promise.resolve()));
    const own = await createDataSource(database.url).initialize();
    void makeRunner(own, { beforeWrite: killed.beforeWrite, pace: { chunk: 2 } }).work();
    while ((await get(id)).done < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    const other = new Watch();
    const runner = makeRunner(dataSource, { beforeWrite: other.beforeWrite, pace: { chunk: 2 } });
    await runner.work();
    expect(await get(id)).toMatchObject({ status: 'running', done: 4, total: 10 });

    await expireLease();
    await runner.work();
    expect(await get(id)).toMatchObject({ status: 'succeeded', done: 10, total: 10 });
    expect(other.seen).toEqual(all.slice(4));
    for (const account of all) expect(await find(account)).not.toBeNull();
    await own.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL',
    );
    await own.destroy();
  });

  it('rejects the writes of a frozen holder that was taken over', async () => {
    const [account = 0] = await accounts(1);
    const id = await request();
    let thaw: () => void = () => undefined;
    let frozen: () => void = () => undefined;
    const isFrozen = new Promise<void>((resolve) => (frozen = resolve));
    const thawed = new Promise<void>((resolve) => (thaw = resolve));
    const features = new Watch(async () => {
      frozen();
      await thawed;
    });
    const old = makeRunner(dataSource, { beforeWrite: features.beforeWrite }).work();
    await isFrozen;
    await expireLease();
    await makeRunner(dataSource).work();
    expect(await get(id)).toMatchObject({ status: 'succeeded', done: 1 });
    const before = await dataSource.query<object[]>('SELECT xmin::text, * FROM account_score');

    await facts.usage(account, [DAY]);
    thaw();
    await old;
    expect(await dataSource.query<object[]>('SELECT xmin::text, * FROM account_score')).toEqual(before);
    expect(await get(id)).toMatchObject({ status: 'succeeded', done: 1, error: null });
  });

  it('prevents a replaced holder from switching the list to an empty half', async () => {
    await accounts(4);
    const id = await request(TODAY);
    let thaw: () => void = () => undefined;
    const thawed = new Promise<void>((resolve) => (thaw = resolve));
    let frozen: () => void = () => undefined;
    const isFrozen = new Promise<void>((resolve) => (frozen = resolve));
    const old = makeRunner(dataSource, {
      afterRead: async () => {
        frozen();
        await thawed;
      },
    }).work();
    await isFrozen;
    await expireLease();
    const other = new Watch(async (call) => {
      if (call !== 2) return;
      thaw();
      await old;
    });
    await makeRunner(dataSource, { beforeWrite: other.beforeWrite, pace: { chunk: 2 } }).work();
    expect(await get(id)).toMatchObject({ status: 'succeeded', done: 4 });
    const listed = await dataSource.query<object[]>('SELECT FROM account_now');
    expect(listed).toHaveLength(4);
  });

  it('fills the unread half of the list and switches at once', async () => {
    const [one = 0, two = 0, gone = 0] = await accounts(3);
    const indexes = await indexesOfList();
    expect(indexes).toHaveLength(15);
    await request(TODAY);
    await makeRunner(dataSource).work();
    const first = await listed();
    expect(first.map(({ id }) => id)).toEqual([one, two, gone]);
    await dataSource.query('UPDATE account_state SET internal = true WHERE account_id = $1', [gone]);
    const id = await request(TODAY);
    const meanwhile: unknown[] = [];
    const beforeWrite = async (): Promise<void> => void meanwhile.push(await listed());
    await makeRunner(dataSource, { beforeWrite, pace: { chunk: 2 } }).work();
    expect(meanwhile).toEqual([first, first]);
    expect(await listed()).toEqual([
      { id: one, run: id },
      { id: two, run: id },
    ]);
    expect(await indexesOfList()).toEqual(indexes);
  });

  it('keeps the list readable while it waits for a long reader of the other half', async () => {
    await accounts(4);
    await request(TODAY);
    await makeRunner(dataSource).work();
    const before = await listed();
    const id = await request(TODAY);
    const reader = dataSource.createQueryRunner();
    await reader.startTransaction();
    await reader.query('SELECT FROM account_now');
    const working = makeRunner(dataSource).work();
    while ((await get(id)).status !== 'running') await sleep(10);
    // It tries again and again.
    for (let i = 0; i < 10; i++) {
      expect(await listed()).toEqual(before);
      await sleep(200);
    }
    expect(await get(id)).toMatchObject({ status: 'running', done: 0 });
    await reader.commitTransaction();
    await reader.release();
    await working;
    expect(await get(id)).toMatchObject({ status: 'succeeded', done: 4 });
    expect(await listed()).toHaveLength(4);
  });

  it('releases its run when stopped', async () => {
    await accounts(4);
    const id = await request();
    const features = new Watch(() => {
      runner.onModuleDestroy();
      return Promise.resolve();
    });
    const runner: ScoreRunner = makeRunner(dataSource, {
      beforeWrite: features.beforeWrite,
      pace: { chunk: 2 },
    });
    await runner.work();
    expect(await get(id)).toMatchObject({ status: 'queued', done: 2 });
    await makeRunner(dataSource).work();
    expect(await get(id)).toMatchObject({ status: 'succeeded', done: 4, total: 4 });
  });
});

describe(ScoreRunsRepository.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const sut = new ScoreRunsRepository();

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('assigns one run at a time, to one of several concurrent claims', async () => {
    for (let i = 0; i < 5; i++) await sut.create(dataSource.manager, [DAY]);
    const claims = await Promise.all(Array.from({ length: 50 }, () => sut.claim(dataSource.manager, 30_000)));
    expect(claims.filter((run) => run !== null)).toHaveLength(1);
  });

  it('claims a scheduled run first, then the one with the fewest days', async () => {
    await dataSource.query('TRUNCATE score_run');
    const { manager } = dataSource;
    const [range, day, slot] = [
      await sut.create(manager, ['2024-01-31', '2024-02-29']),
      await sut.create(manager, [DAY]),
      await sut.create(manager, [DAY], new Date()),
    ];
    const order: string[] = [];
    for (let run = await sut.claim(manager, 30_000); run; run = await sut.claim(manager, 30_000)) {
      order.push(`${run.run_id} ${run.as_of}`);
      await sut.endDay(manager, run);
    }
    expect(order).toEqual([`${slot} ${DAY}`, `${day} ${DAY}`, `${range} 2024-01-31`, `${range} 2024-02-29`]);
  });

  it('allows no other run between two parts of a day', async () => {
    await dataSource.query('TRUNCATE score_run');
    const { manager } = dataSource;
    await sut.create(manager, [DAY]);
    const begun = await sut.claim(manager, 30_000);
    if (!begun) throw new Error('not claimed');
    await sut.advance(manager, begun, { accounts: 1, lastAccountId: 1, remark: null });
    await sut.release(manager, begun);
    await sut.create(manager, [DAY], new Date());
    expect(await sut.claim(manager, 30_000)).toMatchObject({ run_id: begun.run_id, last_account_id: 1 });
  });

  it('rejects every write of the previous holder while the current one works', async () => {
    await dataSource.query('TRUNCATE score_run');
    const id = (await sut.create(dataSource.manager, [DAY])) ?? '';
    const { manager } = dataSource;
    const old = await sut.claim(manager, 0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const present = await sut.claim(manager, 30_000);
    if (!old || !present) throw new Error('not claimed');
    expect([old.epoch, present.epoch]).toEqual([1, 2]);
    const writes = [
      sut.advance(manager, old, { accounts: 1, lastAccountId: 1, remark: null }),
      sut.keepAlive(manager, old, 30_000),
      sut.endDay(manager, old),
      sut.fail(manager, old, 'broken'),
      sut.release(manager, old),
    ];
    for (const write of await Promise.allSettled(writes)) {
      expect(write).toMatchObject({ status: 'rejected', reason: expect.any(LeaseLost) });
    }
    await sut.advance(manager, present, { accounts: 3, lastAccountId: 7, remark: null });
    expect(await sut.find(manager, id)).toMatchObject({ status: 'running', done: 3, error: null });
  });
});

describe(ScorecardsRepository.name, () => {
  it('creates one first version across concurrent starts, and a new one when the built-in card changed', async () => {
    const database = await createTestDatabase();
    const dataSource = await createDataSource(database.url).initialize();
    const current = async () => {
      const [card] = (await new ScorecardsRepository(dataSource).active()).filter(
        ({ card: { key } }) => key === 'default',
      );
      return card;
    };
    const cards = await Promise.all([current(), current(), current()]);
    expect(new Set(cards.map((card) => card?.version))).toEqual(new Set([1]));
    await dataSource.query(
      `UPDATE scorecard SET definition = jsonb_set(definition, '{card,bands,green}', '71') WHERE key = 'default'`,
    );
    expect(await current()).toMatchObject({ version: 2, card: { bands: { green: 70 } } });
    await dataSource.query(
      `INSERT INTO scorecard (key, version, definition, built_in)
       SELECT key, 3, jsonb_set(definition, '{card,bands,green}', '80'), false FROM scorecard WHERE version = 2 AND key = 'default'`,
    );
    expect(await current()).toMatchObject({ version: 3, card: { bands: { green: 80 } } });
    await dataSource.destroy();
    await database.drop();
  });
});
