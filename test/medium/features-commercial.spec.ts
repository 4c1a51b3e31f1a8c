import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { type FeaturesBench, openFeatures } from '../support/features.js';

const DAY = '2024-12-31';
const END = '2025-01-01T00:00:00Z';
const LAST = '2024-12-31T23:59:59.999Z';

describe(`${FeaturesRepository.name}: money`, () => {
  let bench: FeaturesBench;

  beforeAll(async () => {
    bench = await openFeatures({ FEATURE_TRAITS: 'employees,region', FEATURE_GAUGES: 'credits' });
  });
  afterAll(() => bench.close());

  const subscribed = async (...subscriptions: object[]) => {
    const account = await bench.facts.account();
    for (const fields of subscriptions) await bench.facts.subscription(account, { ...fields });
    return account;
  };
  const features = async (...subscriptions: object[]) => bench.of(await subscribed(...subscriptions), DAY);

  it('uses the next renewal of a paid subscription', async () => {
    const account = await subscribed(
      { renews_at: '2024-12-30' },
      { renews_at: '2025-01-31T23:00:00Z' },
      { renews_at: '2025-01-11T01:00:00Z', trial: true },
      { renews_at: '2025-01-12', ended_at: LAST },
      { renews_at: '2025-03-01' },
    );
    const [found] = await bench.all(DAY, [account]);
    expect(found).toMatchObject({ renewsAt: '2025-01-31', features: { daysToRenewal: 31 } });
    expect(await features({ renews_at: END })).toMatchObject({ daysToRenewal: 1 });
    expect(await features({ renews_at: LAST })).toMatchObject({ daysToRenewal: 0 });
    expect(await features({ renews_at: '2024-12-31T00:00:00Z' })).toMatchObject({ daysToRenewal: 0 });
    expect(await features({ renews_at: '2024-12-30T23:59:59.999Z' })).toMatchObject({ daysToRenewal: null });
  });

  it("keeps today's renewal all day", async () => {
    const account = await subscribed({ renews_at: '2025-06-01' });
    const [found] = await bench.all('2025-06-01', [account]);
    expect(found).toMatchObject({ renewsAt: '2025-06-01', features: { daysToRenewal: 0 } });
  });

  it('counts the days to the notice deadline of auto-renewing subscriptions', async () => {
    const of = async (...subscriptions: object[]) => (await features(...subscriptions)).daysToNotice;
    const terms = { renews_at: '2025-01-31T23:00:00Z', auto_renew: true, notice_period_days: 30 };
    expect(await of(terms)).toBe(1);
    expect(await of({ ...terms, renews_at: '2025-01-30' })).toBe(0);
    expect(await of({ ...terms, renews_at: '2025-01-29' })).toBeNull();
    expect(await of({ ...terms, renews_at: '2025-03-01' }, { ...terms, renews_at: '2025-02-10' })).toBe(11);
    expect(await of({ ...terms, notice_period_days: 0 })).toBe(31);
    for (const other of [
      { auto_renew: false },
      { auto_renew: null },
      { notice_period_days: null },
      { renews_at: null },
    ])
      expect(await of({ ...terms, ...other })).toBeNull();
    for (const other of [{ trial: true }, { mrr: 0 }, { ended_at: LAST }, { notice_given_at: LAST }])
      expect(await of({ ...terms, ...other })).toBeNull();
    expect(await of({ ...terms, notice_given_at: END })).toBe(1);
  });

  it("finds the tier's product that the account lacks, from active non-trial subscriptions", async () => {
    const peers = await Promise.all(
      [0, 1, 2, 3].map(async () => {
        const account = await bench.facts.account({ tier: 'makers' });
        await bench.facts.subscription(account, { product: 'Core' });
        await bench.facts.subscription(account, { product: 'Maps "3D"' });
        return account;
      }),
    );
    const lacking = await bench.facts.account({ tier: 'makers' });
    await bench.facts.subscription(lacking, { product: 'Core' });
    await bench.facts.subscription(lacking, { product: 'Core', seats: 3 });
    await bench.facts.subscription(lacking, { product: 'Maps "3D"', trial: true });
    await bench.facts.subscription(lacking, { product: 'Maps "3D"', ended_at: LAST });
    await bench.facts.subscription(lacking, { product: 'Maps "3D"', started_at: END });
    const without = await bench.facts.account({ tier: 'makers' });
    const missing = { name: 'Maps "3D"', shareOfPeers: 0.8 };
    const found = async (ids: number[], asOf = DAY) =>
      (await bench.all(asOf, ids)).map(({ missingProduct }) => missingProduct);
    expect(await found([...peers, lacking, without])).toEqual([null, null, null, null, missing, null]);
    const [ofAll] = (await bench.all(DAY)).filter(({ accountId }) => accountId === lacking);
    expect(ofAll?.missingProduct).toEqual(missing);
    expect(await found([lacking], '2025-01-01')).toEqual([null]);
  });

  it('uses the renewal as known on the day', async () => {
    const account = await subscribed(
      { id: 'R', renews_at: '2025-02-01', valid_to: END },
      { id: 'R', renews_at: '2026-02-01', valid_from: END },
    );
    expect((await bench.of(account, DAY)).daysToRenewal).toBe(32);
  });

  it('is auto-renewing when every paid subscription is', async () => {
    expect((await features({ auto_renew: true }, { auto_renew: null })).autoRenew).toBe(1);
    expect((await features({ auto_renew: true }, { auto_renew: false })).autoRenew).toBe(0);
    expect((await features({}, { auto_renew: false, trial: true })).autoRenew).toBeNull();
  });

  it('includes the auto-renewal of 30 days earlier', async () => {
    const off = (valid: string) => [
      { id: `O-${valid}`, auto_renew: true, valid_to: valid },
      { id: `O-${valid}`, auto_renew: false, valid_from: valid },
    ];
    expect(await features(...off('2024-12-02'))).toMatchObject({ autoRenew: 0, autoRenew30: 1 });
    expect(await features(...off('2024-12-01T23:59:59.999Z'))).toMatchObject({
      autoRenew: 0,
      autoRenew30: 0,
    });
    expect((await features({ auto_renew: true, started_at: '2024-12-02' })).autoRenew30).toBeNull();
    expect((await features({ auto_renew: true, started_at: '2024-12-01T23:59:59.999Z' })).autoRenew30).toBe(
      1,
    );
    expect((await features({ auto_renew: true, ended_at: '2024-12-02' }, {})).autoRenew30).toBe(1);
    expect(
      (await features({ auto_renew: true, ended_at: '2024-12-01T23:59:59.999Z' }, {})).autoRenew30,
    ).toBeNull();
    expect((await features({ auto_renew: false, trial: true }, {})).autoRenew30).toBeNull();
  });

  it('needs no rate for a subscription that ended in the last 30 days', async () => {
    const short = { currency: 'XAF', started_at: '2024-11-01', ended_at: '2024-12-10' };
    expect((await features({}, short)).mrr).toBe(10_000);
  });

  it('is leaving when every paid subscription has notice', async () => {
    expect((await features({ notice_given_at: LAST }, { mrr: 0 })).noticeGiven).toBe(1);
    expect((await features({ notice_given_at: LAST }, {})).noticeGiven).toBe(0);
    expect((await features({ notice_given_at: END })).noticeGiven).toBe(0);
    expect((await features()).noticeGiven).toBe(0);
  });

  it('counts products of active non-trial subscriptions', async () => {
    const of = async (...subscriptions: object[]) => (await features(...subscriptions)).productsHeld;
    expect(
      await of(
        { product: 'a' },
        { product: 'a' },
        { product: 'b', mrr: 0 },
        { product: 'c', trial: true },
        {},
      ),
    ).toBe(3);
    expect(await of({ product: 'a' }, { product: 'b', ended_at: LAST })).toBe(1);
    expect(await of({ product: 'a', ended_at: LAST })).toBeNull();
  });

  it('uses the seats of the product with the most', async () => {
    const of = async (...subscriptions: object[]) => (await features(...subscriptions)).seats;
    expect(
      await of({ product: 'a', seats: 5 }, { product: 'a', seats: 6 }, { product: 'b', seats: 10 }),
    ).toBe(11);
    expect(await of({ seats: 3 }, { seats: 4 }, { product: 'b', seats: 5 })).toBe(7);
    expect(await of({ seats: 3, ended_at: LAST }, { seats: 2 })).toBe(2);
    expect(await of({})).toBeNull();
  });

  it('counts tenure from the first payment, otherwise from the start', async () => {
    expect((await features({ started_at: '2024-12-01' })).tenureDays).toBe(30);
    const converted = await subscribed(
      { id: 'C', started_at: '2024-11-01', trial: true, valid_to: '2024-12-01' },
      { id: 'C', started_at: '2024-11-01', valid_from: '2024-12-01' },
    );
    expect((await bench.of(converted, DAY)).tenureDays).toBe(30);
    const left = { started_at: '2024-06-01', ended_at: '2024-07-01' };
    expect((await features(left, { started_at: '2024-12-01' })).tenureDays).toBe(213);
    const never = await bench.facts.account({ first_fact_at: '2024-12-30', created_at: '2024-12-21' });
    expect((await bench.of(never, DAY)).tenureDays).toBe(10);
  });

  it.each([
    ['onboarding', { started_at: '2024-10-04' }, {}, 'onboarding'],
    ['adopting after 90 days', { started_at: '2024-10-03' }, {}, 'adopting'],
    ['adopting with a first value', { started_at: '2024-12-01' }, { done_at: LAST }, 'adopting'],
    [
      'onboarding before the first value',
      { started_at: '2024-12-01' },
      { due_at: LAST, done_at: END },
      'onboarding',
    ],
    ['adopting for a year', { started_at: '2024-01-03' }, { done_at: LAST }, 'adopting'],
    ['established after it', { started_at: '2024-01-02' }, {}, 'established'],
  ])('is %s', async (_, subscription, milestone, stage) => {
    const account = await subscribed(subscription);
    await bench.facts.record('milestone', account, { name: 'first_value', ...milestone });
    expect(await bench.all(DAY, [account])).toMatchObject([{ stage }]);
  });

  it('uses the stage as sent', async () => {
    const account = await bench.facts.account({ stage: 'onboarding' });
    expect(await bench.all(DAY, [account])).toMatchObject([{ stage: 'onboarding' }]);
  });

  it('counts overdue invoices and their age', async () => {
    const account = await bench.facts.account();
    const invoice = (fields: object) =>
      bench.facts.record('invoice', account, {
        issued_at: '2024-11-01',
        due_at: '2024-12-01',
        amount: 100,
        ...fields,
      });
    await invoice({ paid_at: LAST });
    await invoice({ due_at: END });
    await invoice({ due_at: null });
    await invoice({ issued_at: END, due_at: '2024-12-01' });
    await invoice({ refunded: 100, refunded_at: LAST });
    await invoice({ amount: -5 });
    expect(await bench.of(account, DAY)).toMatchObject({ overdueInvoices: 0, overdueDays: 0 });
    await invoice({ due_at: '2024-12-31T00:00:00Z' });
    await invoice({ due_at: LAST });
    expect(await bench.of(account, DAY)).toMatchObject({ overdueInvoices: 0, overdueDays: 0 });
    await invoice({ due_at: '2024-12-30T23:59:59.999Z' });
    expect(await bench.of(account, DAY)).toMatchObject({ overdueInvoices: 1, overdueDays: 1 });
    await invoice({ due_at: '2024-12-12', paid_at: END });
    await invoice({ due_at: '2024-12-22', refunded: 99, refunded_at: LAST });
    expect(await bench.of(account, DAY)).toMatchObject({ overdueInvoices: 3, overdueDays: 19 });
    expect(await bench.of(account, '2025-01-01')).toMatchObject({ overdueInvoices: 5, overdueDays: 31 });
  });

  describe('in a free period of a customer who has paid', () => {
    /** Of one subscription: a state up to the day before, and one from it on. */
    const then = (before: object, day: string, after: object) => [
      { id: 'F', renews_at: '2025-02-01', auto_renew: true, ...before, valid_to: day },
      { id: 'F', renews_at: '2025-02-01', auto_renew: true, ...after, valid_from: day },
    ];
    const standing = async (...subscriptions: object[]) => {
      const [found] = await bench.all(DAY, [await subscribed(...subscriptions)]);
      return found;
    };
    const paidUntil = (ended_at: string) => ({ started_at: '2024-01-01', ended_at });

    it.each([
      ['a discount to 0', then({}, '2024-11-01', { mrr: 0 })],
      ['a pause that says it is a trial', then({}, '2024-11-01', { trial: true })],
      [
        'a trial from the day on which the paid one ended',
        [paidUntil('2024-06-01'), { trial: true, started_at: '2024-06-01' }],
      ],
      [
        'a trial within the days of grace',
        [paidUntil('2024-06-01'), { trial: true, started_at: '2024-06-30' }],
      ],
      [
        'a free one in place of the paid one',
        [paidUntil('2024-06-01'), { mrr: 0, started_at: '2024-06-01' }],
      ],
    ])('is active in %s', async (_, subscriptions) => {
      expect(await standing(...subscriptions)).toMatchObject({
        status: 'active',
        features: { mrr: 0, noticeGiven: 0 },
      });
    });

    it('uses the price before and after a discount ends', async () => {
      const [before, after] = then({ mrr: 1_000 }, END, { mrr: 2_000 });
      const terms = { started_at: '2024-11-01', renews_at: END };
      const account = await subscribed({ ...before, ...terms }, { ...after, ...terms });
      const [found] = await bench.all(DAY, [account]);
      expect(found).toMatchObject({ status: 'active', features: { mrr: 1_000, daysToRenewal: 1 } });
      const [later] = await bench.all('2025-01-01', [account]);
      expect(later).toMatchObject({ status: 'active', features: { mrr: 2_000, daysToRenewal: 0 } });
    });

    it('has the renewal', async () => {
      expect(await standing(...then({}, '2024-11-01', { mrr: 0 }))).toMatchObject({
        renewsAt: '2025-02-01',
        features: { daysToRenewal: 32, autoRenew: 1, autoRenew30: 1 },
      });
    });

    it('is leaving when notice is given', async () => {
      const noticed = then({ notice_given_at: LAST }, '2024-11-01', { mrr: 0, notice_given_at: LAST });
      expect(await standing(...noticed)).toMatchObject({ status: 'leaving', features: { noticeGiven: 1 } });
    });

    it.each([
      ['leaving', '2024-12-10'],
      ['churned', '2024-11-10'],
    ])('is %s after it ended', async (status, ended_at) => {
      expect(await standing(...then({ ended_at }, '2024-10-01', { mrr: 0, ended_at }))).toMatchObject({
        status,
      });
    });

    it.each([
      [
        'a trial after the days of grace',
        'trial',
        [paidUntil('2024-06-01'), { trial: true, started_at: '2024-07-01' }],
      ],
      [
        'a free plan beside the paid one',
        'churned',
        [paidUntil('2024-06-01'), { mrr: 0, started_at: '2024-03-01' }],
      ],
      ['a free plan from before it paid', 'active', [{ mrr: 0, started_at: '2024-01-01' }]],
      ['a trial that has not been paid for yet', 'trial', then({ trial: true }, END, {})],
    ])('does not treat %s as one', async (_, status, subscriptions) => {
      expect(await standing(...subscriptions)).toMatchObject({ status });
    });

    it('ignores a future end', async () => {
      const ends = { started_at: '2024-01-01', ended_at: END };
      expect(await standing(ends, { trial: true, started_at: LAST })).toMatchObject({
        status: 'active',
        features: { noticeGiven: 0 },
      });
    });
  });

  describe('gauges', () => {
    const gauge = (accountId: number, name: string, value: number, at: string, fields: object = {}) =>
      bench.facts.record('gauge', accountId, { name, value, at, ...fields });

    it('compares the latest assigned licenses with the seats', async () => {
      const account = await subscribed({ seats: 50 });
      expect((await bench.of(account, DAY)).licencesAssigned).toBeNull();
      await gauge(account, 'licencesAssigned', 40, '2024-12-30');
      await gauge(account, 'licencesAssigned', 47, LAST);
      await gauge(account, 'licencesAssigned', 10, END);
      expect((await bench.of(account, DAY)).licencesAssigned).toBe(0.94);
    });

    it('finds the tightest limit and the one reached first', async () => {
      const account = await subscribed(
        { limits: { projects: { allowed: 50, gauge: 'projects' }, free: { allowed: 0, gauge: 'projects' } } },
        { limits: { rows: { allowed: 1_000, gauge: 'rows' } } },
        { limits: { gone: { allowed: 1, gauge: 'rows' } }, ended_at: LAST },
      );
      expect(await bench.of(account, DAY)).toMatchObject({ limitUse: null, daysToLimit: null });
      await gauge(account, 'projects', 100, '2024-10-02');
      await gauge(account, 'projects', 40, '2024-12-10');
      await gauge(account, 'projects', 45, '2024-12-30');
      expect(await bench.of(account, DAY)).toMatchObject({ limitUse: 0.9, daysToLimit: 20 });
      await gauge(account, 'rows', 100, '2024-12-21');
      await gauge(account, 'rows', 600, LAST);
      expect(await bench.of(account, DAY)).toMatchObject({ limitUse: 0.9, daysToLimit: 9 });
      await gauge(account, 'projects', 50, LAST);
      expect(await bench.of(account, DAY)).toMatchObject({ limitUse: 1, daysToLimit: 0 });
    });

    it('makes no projection from readings within a week, falling or over 90 days old', async () => {
      const account = await subscribed({
        limits: Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { allowed: 10, gauge: name }])),
      });
      await gauge(account, 'c', 1, '2024-05-01');
      await gauge(account, 'c', 9, '2024-09-01');
      await gauge(account, 'a', 1, '2024-12-25');
      await gauge(account, 'a', 9, '2024-12-31');
      await gauge(account, 'b', 9, '2024-12-01');
      await gauge(account, 'b', 5, '2024-12-31');
      expect(await bench.of(account, DAY)).toMatchObject({ limitUse: 0.9, daysToLimit: null });
    });

    it('turns the configured gauges into features', async () => {
      const account = await bench.facts.account({ traits: { employees: 12.345, region: 'EMEA' } });
      await gauge(account, 'credits', 5, '2024-12-01');
      await gauge(account, 'credits', -3.5, '2024-12-02');
      expect(await bench.of(account, DAY)).toMatchObject({
        'trait.employees': 12.35,
        'trait.region': null,
        'gauge.credits': -3.5,
      });
      const large = await bench.facts.account({ traits: { employees: 1e300 } });
      expect(await bench.of(large, DAY)).toMatchObject({
        'trait.employees': 20_000_000,
        'gauge.credits': null,
      });
    });
  });
});
