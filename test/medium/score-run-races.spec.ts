import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { ExchangeRatesRepository } from '../../src/intake/exchange-rates/exchange-rates.repository.js';
import { AccountListRepository } from '../../src/portfolio/list/account-list.repository.js';
import { Clock } from '../../src/platform/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { dayOf } from '../../src/platform/days.js';
import { loadSettings } from '../../src/platform/settings.js';
import { LayoutsRepository } from '../../src/scoring/features/layouts.repository.js';
import { unpack } from '../../src/scoring/scores/packed-score.js';
import { ScoreRunner } from '../../src/scoring/runs/score-runner.service.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { ScoresRepository } from '../../src/scoring/scores/scores.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Facts, plusDays } from '../support/facts.js';
import { makeScoring, type RunnerParts } from '../support/scoring.js';

const TODAY = dayOf(new Date());
const DAY_MS = 86_400_000;

class MovedClock extends Clock {
  ahead = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.ahead);
  }
}

/** What arrives, ends or passes while a run is at work. */
describe(`${ScoreRunner.name} with concurrent changes`, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let facts: Facts;
  const runs = new ScoreRunsRepository();

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    facts = new Facts(dataSource);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const scoreAll = async (parts: RunnerParts = {}) => {
    const id = (await runs.create(dataSource.manager, [TODAY])) ?? '';
    await makeScoring(dataSource, parts).runner.work();
    return runs.find(dataSource.manager, id);
  };
  const paying = async (count: number): Promise<number[]> => {
    const ids: number[] = [];
    for (let n = 0; n < count; n++) {
      const account = await facts.account();
      await facts.subscription(account);
      ids.push(account);
    }
    return ids;
  };
  const marked = async (): Promise<number[]> => {
    const rows = await dataSource.query<{ account_id: number }[]>('SELECT account_id FROM touched_account');
    return rows.map((row) => row.account_id);
  };
  const openTickets = async (accountId: number): Promise<unknown> => {
    const row = await new ScoresRepository().find(dataSource.manager, accountId, TODAY);
    if (!row) throw new Error('not scored');
    const { layout } = await new LayoutsRepository(dataSource, loadSettings({})).get(row.layout_id);
    return unpack(layout, row).features['openTickets'];
  };
  const lateTicket = async (accountId: number): Promise<void> => {
    await facts.ticket(accountId, { opened_at: new Date(Date.now() - 60_000) });
    await facts.touch(accountId);
  };

  it('rescores accounts with facts that arrived after they were read or scored', async () => {
    const [first = 0, second = 0, third = 0] = await paying(3);
    await facts.ticket(first, { opened_at: new Date(Date.now() - 60_000) });
    await scoreAll({
      pace: { chunk: 1 },
      afterRead: () => lateTicket(third),
      beforeWrite: async ([accountId]) => {
        if (accountId !== first) return;
        // Long enough for the next one to be scored.
        await sleep(300);
        await lateTicket(second);
      },
    });
    expect([await openTickets(first), await openTickets(second), await openTickets(third)]).toEqual([
      1, 1, 1,
    ]);
    expect(await marked()).toEqual([]);
  });

  it('does not take over a run that ended while waiting', async () => {
    const id = (await runs.create(dataSource.manager, [TODAY])) ?? '';
    const run = await runs.claim(dataSource.manager, 30_000);
    if (!run) throw new Error('not claimed');
    await dataSource.query(`UPDATE score_run SET lease_until = now() - interval '1 second'`);
    const ending = dataSource.createQueryRunner();
    await ending.startTransaction();
    await runs.endDay(ending.manager, run);
    const claiming = runs.claim(dataSource.manager, 30_000);
    await sleep(200);
    await ending.commitTransaction();
    await ending.release();
    expect(await claiming).toBeNull();
    expect(await runs.find(dataSource.manager, id)).toMatchObject({ status: 'succeeded' });
  });

  it('leaves marks and list to the new day when midnight passes', async () => {
    const [account = 0] = await paying(1);
    await scoreAll();
    await dataSource.query(`UPDATE account_current SET csm = 'as it was'`);
    const clock = new MovedClock();
    await facts.touch(account);
    await scoreAll({ clock, afterRead: () => Promise.resolve(void (clock.ahead = DAY_MS)) });
    expect(await marked()).toEqual([account]);
    expect(await dataSource.query('SELECT csm FROM account_now')).toEqual([{ csm: 'as it was' }]);
    expect(await openTickets(account)).toBeNull();
  });

  const broken = (): Promise<void> => Promise.reject(new Error('broken'));
  const listed = (): Promise<{ id: number; csm: string | null }[]> =>
    dataSource.query('SELECT account_id AS id, csm FROM account_now ORDER BY 1');
  /** Two accounts in yesterday's list, each with new facts. */
  const withOldList = async (): Promise<[first: number, second: number]> => {
    const [first = 0, second = 0] = await paying(2);
    await scoreAll();
    await dataSource.query(`UPDATE account_current SET csm = 'as it was'`);
    await dataSource.query('UPDATE score_day SET as_of = as_of - 1');
    await facts.touch(first);
    await facts.touch(second);
    return [first, second];
  };
  const chunkBy = (account: number, then: () => Promise<void>): RunnerParts => ({
    pace: { chunk: 1 },
    beforeWrite: ([id]) => (id === account ? then() : Promise.resolve()),
  });
  const expectLiveScoring = async (ids: readonly number[]): Promise<void> => {
    expect((await marked()).sort((a, b) => a - b)).toEqual(ids);
    await makeScoring(dataSource).live.work();
    expect(await listed()).toEqual(ids.map((id) => ({ id, csm: null })));
    expect(await marked()).toEqual([]);
  };

  it('leaves the accounts it scored before failing to live scoring', async () => {
    const ids = await withOldList();
    expect(await scoreAll(chunkBy(ids[1], broken))).toMatchObject({ status: 'failed', done: 1 });
    await expectLiveScoring(ids);
  });

  it('leaves an account that must leave the list to live scoring after failing', async () => {
    const [gone, second] = await withOldList();
    await dataSource.query('UPDATE account_state SET internal = true WHERE account_id = $1', [gone]);
    await scoreAll(chunkBy(second, broken));
    await makeScoring(dataSource).live.work();
    expect(await listed()).toEqual([{ id: second, csm: null }]);
  });

  it('leaves the accounts scored before its release to live scoring when it fails later', async () => {
    const ids = await withOldList();
    const id = (await runs.create(dataSource.manager, [TODAY])) ?? '';
    const stopped = makeScoring(dataSource, {
      pace: { chunk: 1 },
      afterWrite: () => Promise.resolve(stopped.runner.onModuleDestroy()),
    });
    await stopped.runner.work();
    expect(await runs.find(dataSource.manager, id)).toMatchObject({ status: 'queued', done: 1 });
    expect(await marked()).toEqual([ids[1]]);
    await makeScoring(dataSource, chunkBy(ids[1], broken)).runner.work();
    expect(await runs.find(dataSource.manager, id)).toMatchObject({ status: 'failed', done: 1 });
    await expectLiveScoring(ids);
  });

  it('leaves the accounts scored before midnight to live scoring', async () => {
    const ids = await withOldList();
    const clock = new MovedClock();
    const midnight = (): Promise<void> => Promise.resolve(void (clock.ahead = DAY_MS));
    const run = await scoreAll({ ...chunkBy(ids[0], midnight), clock });
    expect(run).toMatchObject({ status: 'succeeded' });
    await expectLiveScoring(ids);
  });

  it('marks nothing that an earlier run has put into the list', async () => {
    await withOldList();
    await scoreAll();
    await scoreAll({ beforeWrite: broken });
    expect(await marked()).toEqual([]);
  });

  it('does not block live scoring with a range that will reach today', async () => {
    const [account = 0] = await paying(1);
    await scoreAll();
    await runs.create(dataSource.manager, [plusDays(TODAY, -2), plusDays(TODAY, -1), TODAY]);
    await runs.claim(dataSource.manager, 30_000);
    await facts.touch(account);
    await makeScoring(dataSource).live.work();
    expect(await marked()).toEqual([]);
  });

  it('is requested again on the first day after later facts, with doubling delays', async () => {
    const [account = 0] = await paying(1);
    await scoreAll();
    const { live } = makeScoring(dataSource);
    const lookAfter = async (seconds: number) => {
      await dataSource.query(
        `UPDATE score_run SET finished_at = now() - $1 * interval '1 second' WHERE status = 'succeeded'`,
        [seconds],
      );
      await live.work();
      return dataSource.query<object[]>(`SELECT FROM score_run WHERE status = 'queued'`);
    };
    expect(await lookAfter(1_000)).toHaveLength(0);
    await facts.touch(account);
    expect(await lookAfter(0)).toHaveLength(0);
    expect(await lookAfter(20)).toHaveLength(0);
    expect(await lookAfter(31)).toHaveLength(1);
    await makeScoring(dataSource).runner.work();
    await facts.touch(account);
    expect(await lookAfter(0)).toHaveLength(0);
    expect(await lookAfter(50)).toHaveLength(0);
    await dataSource.query(
      `INSERT INTO score_day SELECT as_of - 1, run_id, currency, peers, model_id, now() FROM score_day`,
    );
    expect(await lookAfter(1_000)).toHaveLength(0);
  });

  it('rescores the accounts whose currency gets a rate', async () => {
    const [, abroad = 0] = await paying(2);
    await facts.subscription(abroad, { currency: 'EUR' });
    const rate = { base: 'EUR', quote: 'USD', day: '2024-01-01', rate: 1.1 };
    await new ExchangeRatesRepository(dataSource).save(dataSource.manager, [rate]);
    expect(await marked()).toEqual([abroad]);
  });

  it('handles extreme values, also in the list', async () => {
    const [odd = 0, rich = 0] = await paying(2);
    const limits = JSON.stringify({ projects: { allowed: 1e-300, gauge: 'projects' } });
    await facts.subscription(odd, { limits });
    await facts.record('gauge', odd, { name: 'projects', value: 1e15, at: plusDays(TODAY, -1) });
    await facts.subscription(rich, { mrr: 9_000_000_000_000_000 });
    expect(await scoreAll()).toMatchObject({ status: 'succeeded', error: null });
    const list = new AccountListRepository(dataSource);
    expect(await list.current(TODAY, {}, { key: 'ltv', descending: true }, null, 10)).toHaveLength(2);
  });
});
