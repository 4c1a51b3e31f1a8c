import { loadSettings } from '../../src/platform/settings.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { daysUpTo, plusDays } from '../support/facts.js';
import { type FeaturesBench, openFeatures } from '../support/features.js';

const DAY = '2024-12-31';
const END = '2025-01-01T00:00:00Z';

describe(`${FeaturesRepository.name}: usage`, () => {
  let bench: FeaturesBench;

  beforeAll(async () => {
    bench = await openFeatures({ INTERNAL_DOMAINS: 'own.example', GATE_EVENTS: 'sso,export' });
  });
  afterAll(() => bench.close());

  const active = (accountId: number, userId: string, ...days: string[]) =>
    Promise.all(
      days.map((day) =>
        bench.dataSource.query(
          `INSERT INTO user_month VALUES ($1, date_trunc('month', $2::date), $3, 1 << (extract(day FROM $2::date)::int - 1))
           ON CONFLICT (account_id, month, user_id) DO UPDATE SET days = user_month.days | excluded.days`,
          [accountId, day, userId],
        ),
      ),
    );
  const contact = (accountId: number, fields: object) =>
    bench.facts.record('contact', accountId, { ...fields });

  it('counts active days exactly within 7, 28 and 90 days', async () => {
    const account = await bench.facts.account();
    await bench.facts.usage(
      account,
      [0, 6, 7, 27, 28, 30, 31, 61, 62, 89, 90].map((back) => plusDays(DAY, -back)),
    );
    await bench.facts.usage(account, [plusDays(DAY, 1)]);
    expect(await bench.of(account, DAY)).toMatchObject({
      activeDays7: 2,
      activeDays28: 4,
      activeDays90: 10,
      events28: 4,
    });
  });

  it.each([0, 30, 31, 61, 62, 90, 91, 400])('finds the last use %i days ago', async (back) => {
    const account = await bench.facts.account();
    await bench.facts.usage(account, [plusDays(DAY, -back), plusDays(DAY, -back - 3)]);
    expect((await bench.of(account, DAY)).daysSinceLastUse).toBe(back);
  });

  it('counts distinct events of the last 28 days', async () => {
    const account = await bench.facts.account();
    for (const [event, back] of [
      ['a', 0],
      ['a', 1],
      ['b', 27],
      ['c', 28],
      ['d', -1],
    ] as const) {
      await bench.dataSource.query('INSERT INTO usage_day VALUES ($1, $2, $3, 1)', [
        account,
        plusDays(DAY, -back),
        event,
      ]);
    }
    expect((await bench.of(account, DAY)).featuresUsed28).toBe(2);
  });

  it('counts attempts at the most attempted gate within 14 days', async () => {
    const account = await bench.facts.account();
    await bench.facts.usage(account, [DAY]);
    const hit = (event: string, back: number, events: number) =>
      bench.dataSource.query('INSERT INTO usage_day VALUES ($1, $2, $3, $4)', [
        account,
        plusDays(DAY, -back),
        event,
        events,
      ]);
    expect((await bench.of(account, DAY)).gateHits14).toBe(0);
    await hit('sso', 0, 1);
    await hit('sso', 13, 2);
    await hit('export', 5, 2);
    await hit('sso', 14, 9);
    await hit('sso', -1, 9);
    await hit('other', 0, 9);
    expect((await bench.of(account, DAY)).gateHits14).toBe(3);
    const [found] = (await bench.all(DAY)).filter(({ accountId }) => accountId === account);
    expect(found?.features.gateHits14).toBe(3);
  });

  it('is unknown without configured gates', async () => {
    const account = await bench.facts.account();
    await bench.facts.usage(account, [DAY]);
    const sut = new FeaturesRepository(loadSettings({}), { now: () => new Date('2025-06-01T12:00:00Z') });
    const [found] = await sut.features(bench.dataSource.manager, DAY, [account]);
    expect(found?.features.gateHits14).toBeNull();
  });

  it('measures how unusual the last week is', async () => {
    const [steady, risen, fresh] = [
      await bench.facts.account(),
      await bench.facts.account(),
      await bench.facts.account(),
    ];
    for (const account of [steady, risen]) await bench.facts.usage(account, daysUpTo(DAY, 91), 10);
    await bench.facts.usage(risen, [plusDays(DAY, -7)], 12);
    await bench.facts.usage(risen, [plusDays(DAY, -1)], 24);
    await bench.facts.usage(fresh, daysUpTo(DAY, 90), 10);
    await bench.facts.usage(fresh, [DAY], 10);
    const z = async (account: number) => (await bench.of(account, DAY)).usageVsOwn90;
    // Weeks of 70 but for one of 82: a mean of 71 and a deviation of 3.46.
    expect([await z(steady), await z(risen), await z(fresh)]).toEqual([null, 6.64, null]);
  });

  it('counts users once across a month boundary, without own staff', async () => {
    const account = await bench.facts.account();
    const staff = await bench.facts.account({ internal: true });
    await contact(staff, { user_ids: ['tester'] });
    await bench.facts.subscription(account, { seats: 4 });
    await active(account, 'both', DAY, '2024-12-05');
    await active(account, 'first-day', '2024-12-04');
    await active(account, 'too-early', '2024-12-03');
    await active(account, 'too-late', '2025-01-01');
    await active(account, 'tester', DAY);
    await active(account, 'kim@own.example', DAY);
    expect(await bench.of(account, DAY)).toMatchObject({
      activeUsers28: 2,
      licenceUse28: 0.5,
      licenceUse7: 0.25,
    });
    // 10 January to 14 December: two months. Usage must not have fallen silent by then.
    await bench.facts.usage(staff, ['2025-01-10']);
    expect(await bench.of(account, '2025-01-10')).toMatchObject({
      activeUsers28: 2,
      licenceUse28: 0.5,
      licenceUse7: 0,
    });
    await active(account, 'week-before', '2024-12-27');
    await active(account, 'first-of-week', '2024-12-28');
    expect((await bench.of(account, '2025-01-03')).licenceUse7).toBe(0.75);
  });

  const alias = (from: string, to: string) =>
    bench.dataSource.query('INSERT INTO user_alias (alias, user_id) VALUES ($1, $2)', [from, to]);
  const COUNTS = [
    'activeUsers28',
    'licenceUse28',
    'licenceUse7',
    'contactsActive28',
    'championActive28',
  ] as const;
  const countsOf = async (account: number, day = DAY) => {
    const features = await bench.of(account, day);
    return COUNTS.map((key) => features[key]);
  };

  it('counts the aliases of a person once, across months and weeks', async () => {
    const account = await bench.facts.account();
    await bench.facts.subscription(account, { seats: 10 });
    await alias('al-1', 'al-3');
    await alias('al-2', 'al-3');
    await active(account, 'al-1', '2024-12-20');
    await active(account, 'al-2', DAY);
    await active(account, 'al-3', '2024-12-06');
    await active(account, 'al-x', '2024-12-06');
    expect(await countsOf(account)).toEqual([2, 0.2, 0.1, null, null]);
    await contact(account, { role: 'champion', user_ids: ['al-3'] });
    expect(await countsOf(account)).toEqual([2, 0.2, 0.1, 1, 1]);
    await bench.facts.usage(account, ['2025-01-10']);
    expect((await bench.of(account, '2025-01-10')).activeUsers28).toBe(1);
  });

  it('finds a contact by an alias other than the active one', async () => {
    const account = await bench.facts.account();
    await alias('old-id', 'new-id');
    await contact(account, { user_ids: ['old-id'] });
    await active(account, 'new-id', DAY);
    expect((await bench.of(account, DAY)).contactsActive28).toBe(1);
  });

  it.each([0, 100])('counts the user ids of a contact once, among %i others', async (others) => {
    const account = await bench.facts.account();
    await bench.facts.subscription(account, { seats: 10 });
    await bench.dataSource.query(
      `INSERT INTO user_month SELECT $1, '2024-12-01', 'o' || n, 1 << 15 FROM generate_series(1, $2::int) AS n`,
      [account, others],
    );
    for (const [user, day] of [
      ['m1', '2024-12-10'],
      ['m2', DAY],
      ['m3', DAY],
      ['m4', '2024-12-10'],
      ['m5', '2024-12-10'],
      ['m6', DAY],
    ] as const)
      await active(account, user, day);
    await contact(account, { user_ids: ['m1', 'm2'] });
    await contact(account, { user_ids: ['m2', 'm3', 'nobody'], role: 'champion' });
    await contact(account, { user_ids: ['m4', 'm5'] });
    // A contact of later, and one of before, join nobody.
    await contact(account, { user_ids: ['m4', 'm6'], valid_from: END });
    await contact(account, { user_ids: ['m5', 'm6'], valid_to: '2024-12-20' });
    // m1 with m2 and m3; m4 with m5; m6 alone.
    expect(await countsOf(account)).toEqual([3 + others, (3 + others) / 10, 0.2, 2, 1]);
    expect(
      (await bench.all(DAY)).find(({ accountId }) => accountId === account)?.features.activeUsers28,
    ).toBe(3 + others);
  });

  it('excludes own staff under all of their ids', async () => {
    const account = await bench.facts.account();
    const staff = await bench.facts.account({ internal: true });
    await contact(staff, { user_ids: ['staff-1'] });
    await alias('staff-a', 'staff-1');
    await alias('mo@own.example', 'mo');
    await alias('kay', 'kay@own.example');
    for (const user of ['staff-1', 'staff-a', 'mo', 'mo@own.example', 'kay', 'guest'])
      await active(account, user, DAY);
    expect((await bench.of(account, DAY)).activeUsers28).toBe(1);
  });

  it("credits a user's activity to the contact in the same account", async () => {
    const [here, there] = [await bench.facts.account(), await bench.facts.account()];
    for (const account of [here, there]) {
      await contact(account, { user_ids: ['two-accounts'], role: 'champion' });
      await bench.facts.usage(account, [DAY]);
    }
    await active(here, 'two-accounts', DAY);
    expect((await countsOf(here)).slice(3)).toEqual([1, 1]);
    expect((await countsOf(there)).slice(3)).toEqual([0, 0]);
  });

  it('measures whether contacts and champions are active', async () => {
    const account = await bench.facts.account();
    await active(account, 'u1', DAY);
    await active(account, 'u2', '2024-12-03');
    await active(account, 'C-9', DAY);
    await contact(account, { role: 'champion', user_ids: ['u2', 'other'] });
    expect(await bench.of(account, DAY)).toMatchObject({
      championActive28: 0,
      championLost: 0,
      contactsActive28: 0,
    });
    await contact(account, { user_ids: ['u1'] });
    await contact(account, { id: 'C-9' });
    await contact(account, { role: 'champion', email: 'kim@own.example', user_ids: ['k1'] });
    await active(account, 'k1', DAY);
    expect(await bench.of(account, DAY)).toMatchObject({ championActive28: 0, contactsActive28: 2 });
    await contact(account, { role: 'champion', user_ids: ['x', 'u1'] });
    expect(await bench.of(account, DAY)).toMatchObject({ championActive28: 1, contactsActive28: 2 });
  });

  it('finds active contacts among many users', async () => {
    const account = await bench.facts.account();
    await bench.dataSource.query(
      `INSERT INTO user_month SELECT $1, '2024-12-01', 'u' || n, 1 << 30 FROM generate_series(1, 100) AS n`,
      [account],
    );
    await contact(account, { user_ids: ['u77'] });
    await contact(account, { user_ids: ['nobody'], role: 'champion' });
    await contact(account, { id: 'u78' });
    expect(await bench.of(account, DAY)).toMatchObject({
      activeUsers28: 100,
      contactsActive28: 2,
      championActive28: 0,
    });
  });

  it('treats missing usage as unknown, not inactive', async () => {
    const account = await bench.facts.account();
    expect(await bench.of(account, DAY)).toMatchObject({
      championActive28: null,
      championLost: null,
      contactsActive28: null,
    });
    await contact(account, { role: 'champion' });
    expect(await bench.of(account, DAY)).toMatchObject({
      championActive28: null,
      championLost: 0,
      contactsActive28: null,
    });
  });

  it('detects that a champion was lost and replaced', async () => {
    const account = await bench.facts.account();
    const champion = (fields: object) => contact(account, { id: 'C', user_ids: [], ...fields });
    await champion({ role: 'champion', valid_to: END });
    await champion({ role: 'user', valid_from: END });
    const lost = async (day: string) => (await bench.of(account, day)).championLost;
    expect([await lost(DAY), await lost('2025-01-01')]).toEqual([0, 1]);
    await contact(account, { id: 'D', role: 'user', valid_to: '2025-01-03' });
    await contact(account, { id: 'D', role: 'champion', valid_from: '2025-01-03' });
    expect([await lost('2025-01-02'), await lost('2025-01-03')]).toEqual([1, 0]);
  });

  it('does not replace a lost champion with a contact first seen later', async () => {
    const account = await bench.facts.account();
    await contact(account, { id: 'E', user_ids: ['u9'], role: 'champion', valid_to: END });
    await contact(account, { id: 'E', user_ids: ['u9'], role: 'user', valid_from: END });
    const asks = async (day: string) => {
      const { championLost, championActive28 } = await bench.of(account, day);
      return [championLost, championActive28];
    };
    await bench.facts.activeUser(account, 'u9', [DAY]);
    await contact(account, { id: 'F', user_ids: ['u8'], role: 'champion' });
    await bench.dataSource.query(
      `INSERT INTO statement (account_id, kind, record_id, effective_at, replaces, patch, arrived_at)
       VALUES ($1, 'contacts', 'F', '2025-01-03', false, '{}', now())`,
      [account],
    );
    expect([await asks('2025-01-02'), await asks('2025-01-03')]).toEqual([
      [1, null],
      [0, 0],
    ]);
  });

  it('ranks an account within its tier', async () => {
    const ids: number[] = [];
    for (const events of [1, 2, 2, 3, 9]) {
      const account = await bench.facts.account({ tier: 'ranked' });
      await bench.facts.usage(account, [DAY], events);
      ids.push(account);
    }
    const ranked = (await bench.all(DAY, ids)).map(({ features }) => features.usagePercentile);
    expect(ranked[0]).toBe(0);
    expect(ranked[1]).toBe(ranked[2]);
    expect(ranked[1]).toBeCloseTo(0.375, 1);
    expect(ranked[4]).toBe(1);
    const alone = await bench.facts.account({ tier: 'alone' });
    expect((await bench.of(alone, DAY)).usagePercentile).toBeNull();
  });
});
