import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { loadSettings } from '../../src/platform/settings.js';
import type { AccountFeatures } from '../../src/scoring/features/account-features.js';
import { CATALOGUE, type FeatureKey } from '../../src/scoring/model/catalogue/catalogue.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';

const DAY = '2024-12-31';
/** Just before, and at, the end of the day. */
const LAST = '2024-12-31T23:59:59.999Z';
const END = '2025-01-01T00:00:00Z';
const NOW = new Date('2025-06-01T12:00:00Z');

describe(FeaturesRepository.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let facts: Facts;
  const sut = new FeaturesRepository(loadSettings({}), { now: () => NOW });

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    facts = new Facts(dataSource);
  });
  beforeEach(async () => {
    const tables = [
      'account',
      'account_ref',
      'account_state',
      'subscription',
      'ticket',
      'usage_day',
      'exchange_rate',
    ];
    await dataSource.query(`TRUNCATE ${tables.join(', ')}`);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const all = (asOf = DAY, ids?: number[]) => sut.features(dataSource.manager, asOf, ids);
  const one = async (accountId: number, asOf = DAY): Promise<AccountFeatures> => {
    const [found] = await all(asOf, [accountId]);
    if (!found) throw new Error('left out');
    return found;
  };
  const feature = async (accountId: number, key: FeatureKey, asOf = DAY) =>
    (await one(accountId, asOf)).features[key];

  describe('the accounts', () => {
    it('include those that existed and are neither merged nor internal', async () => {
      const here = await facts.account({ first_fact_at: LAST });
      await facts.account({ first_fact_at: END });
      await facts.account({ internal: true });
      await facts.account({ merged_into: here });
      const created = await facts.account({ first_fact_at: '2025-03-01', created_at: '2024-05-05' });
      expect((await all()).map(({ accountId }) => accountId)).toEqual([here, created]);
    });

    it('are rejected for a future day', async () => {
      await expect(all('2025-06-02')).rejects.toMatchObject({ code: 'in_future', status: 400 });
    });

    it('are read up to now for today', async () => {
      const account = await facts.account();
      await facts.subscription(account, { started_at: '2025-06-01T11:59:59Z' });
      await facts.subscription(account, { started_at: '2025-06-01T12:00:00Z' });
      expect(await feature(account, 'mrr', '2025-06-01')).toBe(10_000);
    });

    it('have unknown features for a source that never sent', async () => {
      const account = await facts.account();
      const { tenureDays, ...features } = (await one(account)).features;
      expect(tenureDays).toBe(1_826);
      expect(Object.keys(features)).toHaveLength(CATALOGUE.length - 1);
      expect(Object.values(features).filter((value) => value !== null)).toEqual([]);
    });
  });

  describe('usage', () => {
    it('counts active days in the last 28, several events a day as one', async () => {
      const account = await facts.account();
      await facts.usage(account, [DAY, plusDays(DAY, -27), plusDays(DAY, -28), plusDays(DAY, 1)], 5);
      await dataSource.query(`INSERT INTO usage_day VALUES ($1, $2, 'other', 2, null)`, [account, DAY]);
      expect((await one(account)).features).toMatchObject({ activeDays28: 2, daysSinceLastUse: 0 });
    });

    it('has 0 active days and no last use for an account without events', async () => {
      const [idle, other] = [await facts.account(), await facts.account()];
      await facts.usage(other, [DAY]);
      expect((await one(idle)).features).toMatchObject({
        activeDays28: 0,
        daysSinceLastUse: null,
        usageTrend28: null,
      });
    });

    it('counts days since last use beyond the 28', async () => {
      const account = await facts.account();
      await facts.usage(account, [plusDays(DAY, -90)]);
      expect((await one(account)).features).toMatchObject({ activeDays28: 0, daysSinceLastUse: 90 });
    });

    it('compares the last 28 days with the 28 before', async () => {
      const account = await facts.account();
      await facts.usage(account, daysUpTo(DAY, 28), 1);
      await facts.usage(account, daysUpTo(plusDays(DAY, -28), 28), 2);
      await facts.usage(account, daysUpTo(plusDays(DAY, -56), 28), 9);
      expect(await feature(account, 'usageTrend28')).toBe(-50);
    });

    it('has no trend with fewer than 10 events or a first use within the 56 days', async () => {
      const [few, enough, fresh] = [await facts.account(), await facts.account(), await facts.account()];
      const before = plusDays(DAY, -55);
      await facts.usage(few, [before], 9);
      await facts.usage(enough, [before], 10);
      await facts.usage(fresh, [plusDays(DAY, -54)], 100);
      const trends = (await all()).map(({ features }) => features.usageTrend28);
      expect(trends).toEqual([null, -100, null]);
    });

    it("subtracts the tier's median when five accounts have a trend", async () => {
      const ids: number[] = [];
      for (const events of [5, 10, 15, 20, 100]) {
        const account = await facts.account({ tier: 'smb' });
        await facts.usage(account, [plusDays(DAY, -55)], 10);
        await facts.usage(account, [DAY], events);
        ids.push(account);
      }
      const lonely = await facts.account({ tier: 'enterprise' });
      await facts.usage(lonely, [plusDays(DAY, -55)], 10);
      expect((await all()).map(({ features }) => features.usageTrend28)).toEqual([
        -100, -50, 0, 50, 850, -100,
      ]);
      // Also for some accounts alone.
      expect(await feature(ids[0] ?? 0, 'usageTrend28')).toBe(-100);
      expect(await feature(ids[4] ?? 0, 'usageGrowth28')).toBe(900);
    });
  });

  describe('usageGrowth28', () => {
    it('is independent of the growth of the 28 days before', async () => {
      const account = await facts.account();
      await facts.usage(account, daysUpTo(DAY, 28), 6);
      await facts.usage(account, daysUpTo(plusDays(DAY, -28), 28), 4);
      await facts.usage(account, daysUpTo(plusDays(DAY, -56), 28), 5);
      expect((await one(account)).features).toMatchObject({ usageGrowth28: 50, usageGrowthPrior28: -20 });
    });

    it('is unknown with fewer than 10 events or incomplete comparison days', async () => {
      const grown = async (first: number, events: number) => {
        const account = await facts.account();
        await facts.usage(account, [plusDays(DAY, -first)], events);
        await facts.usage(account, [plusDays(DAY, -28)], 20);
        await facts.usage(account, [DAY], 30);
        const { usageGrowth28, usageGrowthPrior28 } = (await one(account)).features;
        return [usageGrowth28, usageGrowthPrior28];
      };
      expect(await grown(83, 10)).toEqual([50, 100]);
      expect(await grown(83, 9)).toEqual([50, null]);
      expect(await grown(82, 10)).toEqual([50, null]);
      expect(await grown(54, 10)).toEqual([null, null]);
    });
  });

  describe('oldestUrgentDays', () => {
    const urgent = async (fields: object): Promise<number | null> => {
      const account = await facts.account();
      await facts.ticket(account, { priority: 'urgent', opened_at: '2024-12-22', ...fields });
      return feature(account, 'oldestUrgentDays');
    };

    it.each([
      ['open since the 22nd', {}, 10],
      ['opened in the last second', { opened_at: LAST }, 0.1],
      ['opened at the end', { opened_at: END }, null],
      ['of another priority', { priority: 'high' }, 0],
      ['resolved in the last second', { resolved_at: LAST }, 0],
      ['resolved at the end', { resolved_at: END }, 10],
      ['reopened after it was resolved', { resolved_at: '2024-12-23', reopened_at: ['2024-12-30'] }, 2],
      ['reopened before it was resolved', { resolved_at: '2024-12-28', reopened_at: ['2024-12-24'] }, 0],
      ['reopened at the end', { resolved_at: '2024-12-28', reopened_at: [END] }, 0],
    ])('of a ticket %s', async (_, fields, expected) => expect(await urgent(fields)).toBe(expected));

    it('uses the priority as of the day', async () => {
      const account = await facts.account();
      const opened = { id: 'T', opened_at: '2024-12-22' };
      await facts.ticket(account, { ...opened, priority: 'normal', valid_to: END });
      await facts.ticket(account, { ...opened, priority: 'urgent', valid_from: END });
      expect(await feature(account, 'oldestUrgentDays')).toBe(0);
      expect(await feature(account, 'oldestUrgentDays', '2025-01-01')).toBe(11);
    });

    it('takes the oldest of several', async () => {
      const account = await facts.account();
      for (const opened_at of ['2024-12-30', '2024-12-20', '2024-12-25']) {
        await facts.ticket(account, { priority: 'urgent', opened_at });
      }
      expect(await feature(account, 'oldestUrgentDays')).toBe(12);
    });
  });

  describe('csat90', () => {
    const rated = async (answers: object[]): Promise<number | null> => {
      const account = await facts.account();
      for (const answer of answers) await facts.ticket(account, { resolved_at: '2024-12-01', ...answer });
      return feature(account, 'csat90');
    };

    it('is the mean of at least three answers', async () => {
      expect(await rated([{ csat: 5 }, { csat: 4 }, { csat: 4 }])).toBe(4.33);
      expect(await rated([{ csat: 5 }, { csat: 4 }, {}])).toBeNull();
    });

    it('counts answers of the last 90 days, dated by csat_at or else by the resolution', async () => {
      const kept = [{ csat: 1 }, { csat: 1, csat_at: LAST }, { csat: 1, csat_at: '2024-10-03' }];
      const left = [
        { csat: 5, csat_at: END },
        { csat: 5, csat_at: '2024-10-02T23:59:59Z' },
        { csat: 5, resolved_at: null },
        { csat: 5, resolved_at: '2024-09-01' },
      ];
      expect(await rated([...kept, ...left])).toBe(1);
      expect(await rated(left)).toBeNull();
    });
  });

  describe('mrr', () => {
    const mrrOf = async (...subscriptions: object[]): Promise<number | null> => {
      const account = await facts.account();
      for (const fields of subscriptions) await facts.subscription(account, { ...fields });
      return feature(account, 'mrr');
    };

    it('adds up active subscriptions, ends exclusive', async () => {
      expect(
        await mrrOf(
          { mrr: 1, started_at: LAST },
          { mrr: 10, started_at: END },
          { mrr: 100, ended_at: END },
          { mrr: 1_000, ended_at: LAST },
          { mrr: 10_000, trial: true },
          { mrr: null },
        ),
      ).toBe(101);
    });

    it('uses the state as of the day', async () => {
      const account = await facts.account();
      await facts.subscription(account, { id: 'S', mrr: 500, valid_to: '2024-12-15' });
      await facts.subscription(account, { id: 'S', mrr: 700, valid_from: '2024-12-15' });
      expect(await feature(account, 'mrr', '2024-12-14')).toBe(500);
      expect(await feature(account, 'mrr', '2024-12-15')).toBe(700);
    });

    it.each([
      ['EUR', '1.1', 100_000, 110_000],
      ['JPY', '0.0065', 1_000_000, 650_000],
      ['KWD', '3.25', 1_000, 325],
      ['IDR', '0.00006', 100_000_000, 6_000],
      ['HUF', '0.0028', 1_000_000, 2_800],
      ['IQD', '0.00076', 10_000_000, 760],
      ['CLF', '40', 10_000, 4_000],
    ])('converts %s at the latest rate up to the day', async (currency, rate, mrr, expected) => {
      await facts.rate(currency, '2024-11-01', '99');
      await facts.rate(currency, '2024-12-31', rate);
      await facts.rate(currency, '2025-01-01', '77');
      expect(await mrrOf({ mrr, currency })).toBe(expected);
    });

    it("rounds the account's sum, not its parts", async () => {
      await facts.rate('EUR', DAY, '0.5');
      expect(await mrrOf({ mrr: 1, currency: 'EUR' }, { mrr: 1, currency: 'EUR' })).toBe(1);
    });

    it('is unknown when a rate is missing, naming the currency', async () => {
      await facts.rate('EUR', '2025-01-01', '1.1');
      const account = await facts.account();
      await facts.subscription(account, { currency: 'EUR' });
      const [found] = await sut.features(dataSource.manager, DAY, [account]);
      expect(found).toMatchObject({ withoutRate: 'EUR', features: { mrr: null, mrrChange180: null } });
    });

    it('needs no rate for a subscription that never had a price', async () => {
      expect(await mrrOf({ mrr: 0, currency: 'EUR' }, { trial: true, currency: 'EUR' })).toBe(0);
    });
  });

  describe('mrrChange180', () => {
    it.each([
      ['a rise', [{ mrr: 100 }, { mrr: 25, started_at: '2024-12-01' }], 25],
      ['what left', [{ mrr: 100, ended_at: '2024-12-01' }], -100],
      ['nothing before', [{ mrr: 100, started_at: '2024-07-05' }], null],
      ['a start just before', [{ mrr: 100, started_at: '2024-07-04T23:59:59Z' }], 0],
      ['an absurd rise', [{ mrr: 1 }, { mrr: 99_999, started_at: '2024-12-01' }], 1_000],
    ])('of %s', async (_, subscriptions, expected) => {
      const account = await facts.account();
      for (const fields of subscriptions) await facts.subscription(account, fields);
      expect(await feature(account, 'mrrChange180')).toBe(expected);
    });

    it('is not affected by exchange rate changes', async () => {
      await facts.rate('EUR', '2024-01-01', '2');
      await facts.rate('EUR', DAY, '1');
      const account = await facts.account();
      await facts.subscription(account, { currency: 'EUR' });
      expect(await feature(account, 'mrrChange180')).toBe(0);
    });
  });

  it.each([
    ['active without subscriptions', [], 'active'],
    ['active when it pays', [{}], 'active'],
    ['active on a free plan', [{ mrr: 0 }], 'active'],
    ['trial while it tries', [{ trial: true }], 'trial'],
    ['trial after a trial, which never churns', [{ trial: true, ended_at: '2024-01-01' }], 'trial'],
    ['active when it pays and tries', [{}, { trial: true }], 'active'],
    ['leaving when notice is given', [{ notice_given_at: LAST }], 'leaving'],
    ['active when notice is given later', [{ notice_given_at: END }], 'active'],
    ['active when notice is given for a part', [{ notice_given_at: LAST }, {}], 'active'],
    ['leaving within the days of grace', [{ ended_at: '2024-12-02T00:00:01Z' }], 'leaving'],
    ['churned after them', [{ ended_at: '2024-12-02T00:00:00Z' }], 'churned'],
    ['churned on a free plan', [{ ended_at: '2024-06-01' }, { mrr: 0 }], 'churned'],
    [
      'trial when it tries again',
      [{ ended_at: '2024-06-01' }, { trial: true, started_at: '2024-07-01' }],
      'trial',
    ],
    ['active when it came back', [{ ended_at: '2024-06-01' }, { started_at: '2024-12-01' }], 'active'],
  ])('is %s', async (_, subscriptions, expected) => {
    const account = await facts.account();
    for (const fields of subscriptions) await facts.subscription(account, fields);
    expect((await one(account)).status).toBe(expected);
  });

  it.each([
    ['as sent', { tier: 'own' }, [], 'own'],
    ['by MRR', {}, [{ mrr: 600_000 }, { mrr: 400_000 }], 'enterprise'],
    [
      'by the seats of the largest product',
      {},
      [
        { product: 'a', seats: 15 },
        { product: 'a', seats: 10 },
      ],
      'mid-market',
    ],
    [
      'not by the seats of all products',
      {},
      [
        { product: 'a', seats: 15 },
        { product: 'b', seats: 10 },
      ],
      'smb',
    ],
    ['the last when nothing is known', {}, [], 'smb'],
  ])('has a tier %s', async (_, fields, subscriptions, expected) => {
    const account = await facts.account(fields);
    for (const subscription of subscriptions) await facts.subscription(account, { mrr: 1, ...subscription });
    expect((await one(account)).tier).toBe(expected);
  });

  it(
    'takes time in proportion to the accounts, also before the database has statistics',
    async () => {
      await dataSource.query(
        `INSERT INTO account (id, first_fact_at) SELECT 'bulk-' || n, '2020-01-01' FROM generate_series(1, 4000) AS n`,
      );
      await dataSource.query(
        `INSERT INTO usage_day (account_id, day, event, events)
         SELECT account_id, date '2024-12-31' - back, 'opened', 1 FROM account, generate_series(0, 59) AS back`,
      );
      await dataSource.query(
        `INSERT INTO subscription (account_id, id, valid_from, valid_to, mrr, started_at)
         SELECT account_id, 'S-' || account_id, '-infinity', 'infinity', 100, '2023-01-01' FROM account`,
      );
      expect(await all()).toHaveLength(4_000);
    },
    // Joined as sets it is quadratic and takes minutes.
    60_000,
  );

  it('does not depend on any facts dated after the day', async () => {
    const ids: number[] = [];
    for (let i = 0; i < 6; i++) {
      const account = await facts.account();
      ids.push(account);
      await facts.usage(account, daysUpTo(plusDays(DAY, -i), 80), 3 + i);
      await facts.subscription(account, {
        id: `S-${i}`,
        currency: i % 2 ? 'EUR' : 'USD',
        mrr: 1_000 * (i + 1),
      });
      await facts.ticket(account, { id: `T-${i}`, priority: 'urgent', opened_at: plusDays(DAY, -i) });
      for (let n = 0; n < 3; n++) await facts.ticket(account, { csat: 3, resolved_at: plusDays(DAY, -n) });
    }
    await facts.rate('EUR', '2024-12-01', '1.1');
    const before = await all();
    const known = [
      'activeDays28',
      'usageTrend28',
      'oldestUrgentDays',
      'csat90',
      'mrr',
      'mrrChange180',
    ] as const;
    expect(before.flatMap(({ features }) => known.filter((key) => features[key] === null))).toEqual([]);

    const later = fc
      .integer({ min: 0, max: 100 * 86_400 })
      .map((seconds) => new Date(Date.parse(END) + seconds * 1_000).toISOString());
    const account = fc.constantFrom(...ids);
    const set = (table: string, column: string) =>
      fc.record({ account, later }).map(({ account, later }) => async () => {
        const value = column === 'reopened_at' ? [later] : later;
        await dataSource.query(
          `UPDATE ${table} SET ${column} = $2 WHERE account_id = $1 AND ${column} IS NULL`,
          [account, value],
        );
      });
    const change = (table: string, assignment: string) =>
      fc.record({ account, later }).map(({ account, later }) => async () => {
        await dataSource.query(
          `WITH closed AS (UPDATE ${table} SET valid_to = $2 WHERE account_id = $1 AND valid_to = 'infinity' AND valid_from < $2 RETURNING id)
           SELECT id FROM closed`,
          [account, later],
        );
        const columns = await dataSource.query<{ name: string }[]>(
          `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND attname NOT IN ('valid_from', 'valid_to')`,
          [table],
        );
        const names = columns.map(({ name }) => name).join(', ');
        await dataSource.query(
          `INSERT INTO ${table} (${names}, valid_from, valid_to) SELECT ${names}, $2::timestamptz, 'infinity' FROM ${table}
           WHERE account_id = $1 AND valid_to = $2 ON CONFLICT DO NOTHING`,
          [account, later],
        );
        await dataSource.query(
          `UPDATE ${table} SET ${assignment} WHERE account_id = $1 AND valid_from = $2`,
          [account, later],
        );
      });
    const act = (make: (account: number, later: string) => Promise<unknown>) =>
      fc.record({ account, later }).map(
        ({ account, later }) =>
          () =>
            make(account, later),
      );
    const steps = fc.oneof(
      act((id, at) => facts.usage(id, [at.slice(0, 10)], 50)),
      act((id, at) =>
        facts.subscription(id, { started_at: at, mrr: 5_000_000, currency: 'GBP', seats: 900 }),
      ),
      act((id, at) => facts.ticket(id, { opened_at: at, priority: 'urgent' })),
      act((id, at) => facts.ticket(id, { opened_at: at, csat: 1, csat_at: at })),
      act((_, at) => facts.account({ first_fact_at: at, created_at: at })),
      act((_, at) =>
        dataSource.query(
          `INSERT INTO exchange_rate VALUES ('EUR', 'USD', $1, 9) ON CONFLICT (base, quote, day) DO UPDATE SET rate = 8`,
          [at.slice(0, 10)],
        ),
      ),
      set('subscription', 'ended_at'),
      set('subscription', 'notice_given_at'),
      set('ticket', 'resolved_at'),
      set('ticket', 'reopened_at'),
      change('subscription', `mrr = 77, trial = true, currency = 'GBP'`),
      change('ticket', `priority = 'low'`),
      change('account_state', `tier = 'enterprise', stage = 'late'`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 6 }), async (some) => {
        for (const step of some) await step();
        expect(await all()).toEqual(before);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    // The same facts do move a later day.
    await facts.rate('GBP', '2025-04-20', '1.3');
    expect(await all('2025-04-20')).not.toEqual(before);
  });
});
