import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { dayOf } from '../../src/platform/days.js';
import { loadSettings } from '../../src/platform/settings.js';
import type { AccountListItem } from '../../src/scoring/scores/list-item.dto.js';
import { LiveScoringService } from '../../src/scoring/runs/live-scoring.service.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';
import { makeScoring, type RunnerParts } from '../support/scoring.js';

const TODAY = dayOf(new Date());

interface Told {
  topic: string;
  account_id: number;
  payload: Record<string, unknown>;
}

describe(LiveScoringService.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let facts: Facts;
  const runs = new ScoreRunsRepository();

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    facts = new Facts(dataSource);
  });
  beforeEach(async () => {
    const kinds = [
      'account_state',
      'contact',
      'subscription',
      'ticket',
      'invoice',
      'survey',
      'usage_day',
      'user_month',
    ];
    const scored = ['account_score', 'account_current', 'score_day', 'score_run', 'score_override', 'outbox'];
    await dataSource.query(
      `TRUNCATE ${['account', 'account_ref', 'touched_account', ...kinds, ...scored].join(', ')}`,
    );
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** In daily use, on all its licences but a few, and paying: green. */
  const healthy = async (id: string, users = 7): Promise<number> => {
    const account = await facts.account({ id, tier: 'smb' });
    const days = daysUpTo(TODAY, 90);
    await facts.usage(account, days, 3);
    for (let user = 1; user <= users; user++) await facts.activeUser(account, `${id}-${user}`, days);
    await facts.subscription(account, { seats: 10 });
    await facts.invoice(account);
    return account;
  };
  const scoreAll = async (): Promise<void> => {
    await runs.create(dataSource.manager, [TODAY]);
    await makeScoring(dataSource).runner.work();
  };
  const work = (parts: RunnerParts = {}) => makeScoring(dataSource, parts).live.work();
  const listed = async (account: number): Promise<AccountListItem | undefined> => {
    const rows = await dataSource.query<{ item: AccountListItem }[]>(
      'SELECT item FROM account_now WHERE account_id = $1',
      [account],
    );
    return rows[0]?.item;
  };
  const stored = () =>
    dataSource.query<{ account_id: number; as_of: string; version: string }[]>(
      'SELECT account_id, as_of, xmin::text AS version FROM account_score ORDER BY account_id',
    );
  const told = () =>
    dataSource.query<Told[]>('SELECT topic, account_id, payload FROM outbox ORDER BY outbox_id');
  const touched = async (): Promise<number> => {
    const rows = await dataSource.query<{ n: number }[]>('SELECT count(*) AS n FROM touched_account');
    return rows[0]?.n ?? 0;
  };
  const urgentTicket = async (account: number): Promise<void> => {
    await facts.ticket(account, { priority: 'urgent', opened_at: plusDays(TODAY, -9) });
    await facts.touch(account);
  };
  const openRuns = () =>
    dataSource.query<{ as_of: string; status: string }[]>('SELECT as_of, status FROM score_run');

  it('scores an account with new facts as of today, updates the list and leaves other accounts alone', async () => {
    const [one, other] = [await healthy('one'), await healthy('other')];
    await scoreAll();
    expect(await listed(one)).toMatchObject({ id: 'one', health: { band: 'green' } });
    const [, before] = await stored();

    await urgentTicket(one);
    await work();
    expect(await touched()).toBe(0);
    expect(await listed(one)).toMatchObject({
      health: { band: 'red', score: 39 },
      topReasons: expect.arrayContaining([
        expect.objectContaining({ text: expect.stringMatching(/^urgent ticket open for/) }),
      ]),
    });
    const after = await stored();
    expect(after.map(({ as_of }) => as_of)).toEqual([TODAY, TODAY]);
    expect(after[1]).toEqual({ ...before, account_id: other });
  });

  it('scores an account created after the last full run', async () => {
    await healthy('one');
    await scoreAll();
    const late = await healthy('late');
    await facts.touch(late);
    await work();
    expect(await listed(late)).toMatchObject({ id: 'late', health: { band: 'green' } });
    // A first score is no change.
    expect(await told()).toEqual([]);
  });

  it('removes an account from the list once it is internal', async () => {
    const one = await healthy('one');
    await scoreAll();
    await dataSource.query('UPDATE account_state SET internal = true WHERE account_id = $1', [one]);
    await facts.touch(one);
    await work();
    expect(await listed(one)).toBeUndefined();
    expect(await stored()).toEqual([]);
  });

  it('deletes all stored data of a deleted account except its messages', async () => {
    const [one, other] = [await healthy('one'), await healthy('other')];
    await scoreAll();
    await urgentTicket(one);
    await work();
    expect(await told()).toHaveLength(1);
    await dataSource.query(
      `INSERT INTO account_score SELECT (jsonb_populate_record(s, '{"as_of": "2024-12-31"}')).* FROM account_score s`,
    );
    await dataSource.query('DELETE FROM account WHERE account_id = $1', [one]);
    await facts.touch(one);
    await facts.touch(other);
    await work();
    expect((await stored()).map(({ account_id }) => account_id)).toEqual([other, other]);
    expect(await listed(one)).toBeUndefined();
    expect(await listed(other)).toBeDefined();
    // What programs were not told yet they are still to be told.
    expect(await told()).toMatchObject([{ topic: 'account.band_changed', account_id: one }]);
  });

  it('requests one full run before the first one and leaves the marks to it', async () => {
    const one = await healthy('one');
    await facts.touch(one);
    await Promise.all([work(), work()]);
    await work();
    expect(await openRuns()).toEqual([{ as_of: TODAY, status: 'queued' }]);
    expect(await stored()).toEqual([]);
    expect(await touched()).toBe(1);
    await makeScoring(dataSource).runner.work();
    expect(await touched()).toBe(0);
    expect(await listed(one)).toBeDefined();
  });

  it('waits before requesting a failed first run again', async () => {
    await facts.touch(await healthy('one'));
    await work();
    const run = await runs.claim(dataSource.manager, 30_000);
    if (!run) throw new Error('no run');
    await runs.fail(dataSource.manager, run, 'broken');
    await work();
    expect(await openRuns()).toEqual([{ as_of: TODAY, status: 'failed' }]);
    await dataSource.query(`UPDATE score_run SET finished_at = now() - interval '11 minutes'`);
    await work();
    expect(await openRuns()).toHaveLength(2);
  });

  it('pauses during a run of today and resumes after it', async () => {
    const one = await healthy('one');
    await scoreAll();
    await urgentTicket(one);
    const id = (await runs.create(dataSource.manager, [TODAY])) ?? '';
    await work();
    expect(await touched()).toBe(1);
    const run = await runs.claim(dataSource.manager, 30_000);
    await work();
    expect(await touched()).toBe(1);
    expect(await listed(one)).toMatchObject({ health: { band: 'green' } });
    await runs.fail(dataSource.manager, { run_id: Number(id), epoch: run?.epoch ?? 0 }, 'broken');
    await work();
    expect(await touched()).toBe(0);
    expect(await listed(one)).toMatchObject({ health: { band: 'red' } });
  });

  it('does not pause for a run of a past day', async () => {
    const one = await healthy('one');
    await scoreAll();
    await urgentTicket(one);
    await runs.create(dataSource.manager, [plusDays(TODAY, -30), plusDays(TODAY, -1)]);
    await work();
    expect(await listed(one)).toMatchObject({ health: { band: 'red' } });
  });

  it('pauses for a run requested after its check', async () => {
    const one = await healthy('one');
    await scoreAll();
    await urgentTicket(one);
    await work({ drain: async () => void (await runs.create(dataSource.manager, [TODAY])) });
    expect(await touched()).toBe(1);
    expect(await listed(one)).toMatchObject({ health: { band: 'green' } });
  });

  it('keeps the mark of a fact that arrives while its account is scored', async () => {
    const one = await healthy('one');
    await scoreAll();
    await facts.touch(one);
    let arrival = Promise.resolve();
    await work({
      pace: { chunk: 500 },
      beforeWrite: async () => {
        arrival = facts.touch(one);
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
    await arrival;
    expect(await touched()).toBe(1);
  });

  it('processes more accounts than fit into one transaction', async () => {
    const all: number[] = [];
    for (let i = 0; i < 5; i++) all.push(await facts.account());
    await scoreAll();
    for (const account of all) await facts.touch(account);
    const chunks: (readonly number[])[] = [];
    await work({ pace: { chunk: 2 }, beforeWrite: (ids) => Promise.resolve(void chunks.push(ids)) });
    expect(chunks.map((ids) => ids.length)).toEqual([2, 2, 1]);
    expect(chunks.flat().sort((a, b) => a - b)).toEqual(all);
  });

  it('scores each account once when several instances check concurrently', async () => {
    const all: number[] = [];
    for (let i = 0; i < 12; i++) all.push(await facts.account());
    await scoreAll();
    for (const account of all) await facts.touch(account);
    const instances = await Promise.all([1, 2].map(() => createDataSource(database.url).initialize()));
    const scored: number[] = [];
    const beforeWrite = (ids: readonly number[]) => Promise.resolve(void scored.push(...ids));
    await Promise.all(
      instances.map((own) => makeScoring(own, { beforeWrite, pace: { chunk: 3 } }).live.work()),
    );
    expect(scored.sort((a, b) => a - b)).toEqual(all);
    expect(await touched()).toBe(0);
    await Promise.all(instances.map((own) => own.destroy()));
  });

  describe('emits events', () => {
    it('for a change of band, and none without changes', async () => {
      const one = await healthy('one');
      await scoreAll();
      await facts.touch(one);
      await work();
      expect(await told()).toEqual([]);
      await urgentTicket(one);
      await work();
      const payload = { accountId: 'one', asOf: TODAY, from: 'green', to: 'red', score: 39 };
      expect(await told()).toEqual([{ topic: 'account.band_changed', account_id: one, payload }]);
      await facts.touch(one);
      await work();
      expect(await told()).toHaveLength(1);
    });

    it('for a risk that rises above the threshold, once', async () => {
      const one = await healthy('one');
      await scoreAll();
      const { live } = makeScoring(dataSource, { settings: loadSettings({ RISK_ALERT_PERCENT: '5' }) });
      await facts.touch(one);
      await live.work();
      expect(await told()).toEqual([]);
      await dataSource.query('TRUNCATE user_month');
      await dataSource.query('DELETE FROM usage_day WHERE day > $1', [plusDays(TODAY, -40)]);
      for (const round of [1, 2]) {
        await facts.touch(one);
        await live.work();
        const raised = (await told()).filter(({ topic }) => topic === 'account.risk_raised');
        expect({ round, raised }).toEqual({
          round,
          raised: [
            {
              topic: 'account.risk_raised',
              account_id: one,
              payload: { accountId: 'one', asOf: TODAY, probability: expect.any(Number), threshold: 0.05 },
            },
          ],
        });
        const { churnRisk } = (await listed(one)) ?? {};
        expect(raised[0]?.payload['probability']).toBe(churnRisk?.probability);
      }
    });

    it('for a churned account and any other change of status', async () => {
      const [gone, leaving] = [await healthy('gone'), await healthy('leaving')];
      await scoreAll();
      await dataSource.query('UPDATE subscription SET ended_at = $2 WHERE account_id = $1', [
        gone,
        plusDays(TODAY, -60),
      ]);
      await dataSource.query('UPDATE subscription SET notice_given_at = $2 WHERE account_id = $1', [
        leaving,
        plusDays(TODAY, -1),
      ]);
      await facts.touch(gone);
      await facts.touch(leaving);
      await work();
      const statuses = (await told()).filter(({ topic }) => topic !== 'account.band_changed');
      expect(statuses).toEqual([
        {
          topic: 'account.churned',
          account_id: gone,
          payload: { accountId: 'gone', asOf: TODAY, from: 'active', to: 'churned' },
        },
        {
          topic: 'account.status_changed',
          account_id: leaving,
          payload: { accountId: 'leaving', asOf: TODAY, from: 'active', to: 'leaving' },
        },
      ]);
    });

    it('for a new expansion signal', async () => {
      const one = await healthy('one', 7);
      await scoreAll();
      for (const user of ['a', 'b', 'c']) await facts.activeUser(one, user, [TODAY]);
      for (let round = 1; round <= 2; round++) {
        await facts.touch(one);
        await work();
      }
      expect(await told()).toEqual([
        {
          topic: 'account.expansion_signal',
          account_id: one,
          payload: {
            accountId: 'one',
            asOf: TODAY,
            key: 'licencesNearlyUsed',
            kind: 'upsell',
            value: 1,
            text: '10 of 10 licenses in use',
          },
        },
      ]);
    });

    it('when a full run of today finds the change, but not for a past day', async () => {
      const one = await healthy('one');
      await scoreAll();
      await urgentTicket(one);
      await runs.create(dataSource.manager, [plusDays(TODAY, -1)]);
      await makeScoring(dataSource).runner.work();
      expect(await told()).toEqual([]);
      await scoreAll();
      expect((await told()).map(({ topic }) => topic)).toEqual(['account.band_changed']);
    });

    it('in the transaction of the score: on failure neither is stored and the mark stays', async () => {
      const one = await healthy('one');
      await scoreAll();
      const before = await stored();
      await urgentTicket(one);
      const afterWrite = () => Promise.reject(new Error('killed'));
      await expect(work({ afterWrite })).rejects.toThrow('killed');
      expect(await told()).toEqual([]);
      expect(await stored()).toEqual(before);
      expect(await listed(one)).toMatchObject({ health: { band: 'green' } });
      expect(await touched()).toBe(1);
      await work();
      expect((await told()).map(({ topic }) => topic)).toEqual(['account.band_changed']);
    });
  });

  it('shows an override once created and removes it once expired', async () => {
    const one = await healthy('one');
    await scoreAll();
    await dataSource.query(
      `INSERT INTO score_override (account_id, score, reason, made_by, expires_at) VALUES ($1, 12.5, 'merger', 'ann', now() + interval '1 hour')`,
      [one],
    );
    await facts.touch(one);
    await work();
    expect(await listed(one)).toMatchObject({ health: { score: 12.5, band: 'red' } });
    await work();
    expect(await listed(one)).toMatchObject({ health: { score: 12.5 } });

    await dataSource.query(`UPDATE score_override SET expires_at = now() - interval '1 second'`);
    await work();
    expect(await listed(one)).toMatchObject({ health: { band: 'green' } });
    const ended = await dataSource.query<object[]>(
      'SELECT ended_at = expires_at AS expired FROM score_override',
    );
    expect(ended).toEqual([{ expired: true }]);
  });
});
