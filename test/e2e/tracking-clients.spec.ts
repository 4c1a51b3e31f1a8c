import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import { batch, counted, daysAgo } from '../support/intake.js';
import { expectProblem } from '../support/problem.js';

const HOUR_MS = 3_600_000;

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const dayOf = (ms: number): string => inMs(ms).slice(0, 10);

describe('tracking clients', () => {
  let app: TestApp;
  let api: Client;

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
  });
  afterAll(() => app.stop());

  const timesOf = async (account: string): Promise<number[]> => {
    const rows: { at: Date }[] = await app.dataSource.query(
      'SELECT e.at FROM event e JOIN account_ref r USING (account_id) WHERE r.ref = $1 ORDER BY e.at',
      [account],
    );
    return rows.map((row) => row.at.getTime());
  };
  const stateOf = async (account: string): Promise<unknown> =>
    (await api.call('GET', `/v1/accounts/${account}`)).body;

  describe('numeric ids', () => {
    it('are read as their decimal text everywhere', async () => {
      const timestamp = daysAgo(1);
      const answer = await batch(app, [
        { type: 'group', messageId: 1, userId: 42, groupId: 7, timestamp },
        { type: 'identify', messageId: 2, userId: 42, anonymousId: 9, timestamp, context: { groupId: 7 } },
        { type: 'track', messageId: 3, userId: 42, event: 'Opened', timestamp, context: { groupId: 7 } },
        { type: 'track', messageId: '3', userId: '42', event: 'Opened', timestamp, groupId: '7' },
        { type: 'alias', messageId: 4, previousId: 41, userId: 42 },
        { type: 'track', messageId: 5, userId: 41, event: 'Opened', timestamp: daysAgo(0.5) },
      ]);
      expect(answer.body).toMatchObject({ accepted: 5, duplicates: 1, errors: [] });
      expect((await counted(app)).users).toMatchObject({ '7 42': expect.any(Number) });
      const contacts = await app.dataSource.query(`SELECT id FROM contact WHERE '42' = ANY (user_ids)`);
      expect(contacts).toEqual([{ id: '42' }]);
    });

    it('are rejected when JSON cannot represent them exactly', async () => {
      const { body } = await batch(app, [
        {
          type: 'track',
          messageId: 17,
          userId: 12345678901234567890n.toString(),
          event: 'E',
          timestamp: daysAgo(1),
          groupId: '7',
        },
        { type: 'track', messageId: 18, userId: 2 ** 53, event: 'E', timestamp: daysAgo(1), groupId: '7' },
        { type: 'group', messageId: 19, groupId: 1.5, timestamp: daysAgo(1) },
      ]);
      expect(body).toMatchObject({
        accepted: 1,
        errors: [
          { index: 1, messageId: '18', code: 'out_of_range', pointer: '/userId' },
          { index: 2, messageId: '19', code: 'out_of_range', pointer: '/groupId' },
        ],
      });
      const single = await api.call('POST', '/v1/track', { event: 'E', userId: 0.5, timestamp: daysAgo(1) });
      expectProblem(single, 400, 'out_of_range', '/userId');
    });
  });

  describe('a clock that is ahead', () => {
    const ahead = (account: string, aheadMs: number, sentLaterMs = 0) => ({
      sentAt: inMs(aheadMs + sentLaterMs),
      batch: [
        {
          type: 'group',
          messageId: `${account}-0`,
          userId: `u-${account}`,
          groupId: account,
          timestamp: inMs(aheadMs - 120_000),
        },
        {
          type: 'track',
          messageId: `${account}-1`,
          userId: `u-${account}`,
          event: 'Opened',
          timestamp: inMs(aheadMs - 120_000),
          context: { groupId: account },
        },
      ],
    });

    it('is corrected by the difference between sentAt and arrival', async () => {
      const before = Date.now();
      const { status, body } = await api.call('POST', '/v1/batch', ahead('org-b', 2 * HOUR_MS));
      expect({ status, ...body }).toMatchObject({ status: 200, accepted: 2 });
      const [at = 0] = await timesOf('org-b');
      expect(at).toBeGreaterThanOrEqual(before - 121_000);
      expect(at).toBeLessThanOrEqual(Date.now() - 119_000);
      expect((await counted(app)).days).toMatchObject({ [`org-b ${dayOf(-120_000)} Opened`]: 1 });
    });

    it('is deduplicated on a retry with another sentAt and after it was set right', async () => {
      const sent = ahead('org-retry', 50 * 60_000);
      await api.call('POST', '/v1/batch', sent);
      const [at] = await timesOf('org-retry');
      for (const sentAt of [inMs(50 * 60_000 + 7_000), inMs(90_000), undefined]) {
        const again = await api.call('POST', '/v1/batch', { ...sent, sentAt });
        expect(again.body).toMatchObject({ accepted: 0, duplicates: 2, rejected: 0 });
      }
      expect(await timesOf('org-retry')).toEqual([at]);
      expect((await counted(app)).days).toMatchObject({ [`org-retry ${dayOf(-120_000)} Opened`]: 1 });
    });

    it.each<[string, number | undefined]>([
      ['within the tolerance', 50_000],
      ['unknown', undefined],
    ])('is deduplicated on a retry after a first attempt with a difference %s', async (how, firstAheadMs) => {
      const account = `org ${how}`;
      const calls = [
        ...ahead(account, 0).batch,
        {
          type: 'identify',
          messageId: `${account}-2`,
          userId: `u-${account}`,
          timestamp: inMs(-120_000),
          context: { groupId: account },
        },
      ];
      const sentAt = firstAheadMs === undefined ? undefined : inMs(firstAheadMs);
      const first = await api.call('POST', '/v1/batch', { batch: calls, sentAt });
      expect(first.body).toMatchObject({ accepted: 3 });
      const at = await timesOf(account);
      for (const aheadMs of [180_000, 240_000, 0]) {
        const again = await api.call('POST', '/v1/batch', { batch: calls, sentAt: inMs(aheadMs) });
        expect(again.body).toMatchObject({ accepted: 0, duplicates: 3, rejected: 0 });
      }
      expect(await timesOf(account)).toEqual(at);
      const corrections = await app.dataSource.query(
        'SELECT FROM clock_correction JOIN account_ref USING (account_id) WHERE ref = $1',
        [account],
      );
      expect(corrections).toEqual([]);
    });

    it('is deduplicated for a moved user whose first attempt was not corrected', async () => {
      const joins = (messageId: string, groupId: string, days: number) =>
        batch(app, [{ type: 'group', messageId, userId: 'mover2', groupId, timestamp: daysAgo(days) }]);
      await joins('mover2-1', 'org-n1', 9);
      await joins('mover2-2', 'org-n2', 5);
      const call = {
        type: 'track',
        messageId: 'mover2-3',
        userId: 'mover2',
        event: 'Opened',
        timestamp: inMs(-120_000),
      };
      expect((await api.call('POST', '/v1/batch', { batch: [call] })).body).toMatchObject({ accepted: 1 });
      await joins('mover2-4', 'org-n1', 1);
      const again = await api.call('POST', '/v1/batch', { batch: [call], sentAt: inMs(180_000) });
      expect(again.body).toMatchObject({ accepted: 0, duplicates: 1 });
    });

    it('is deduplicated in quarantine and after it when the first attempt was not corrected', async () => {
      const [, call] = ahead('org-waits', 0).batch;
      const send = (sentAt?: string) => api.call('POST', '/v1/batch', { batch: [call], sentAt });
      for (const sentAt of [undefined, inMs(180_000)]) await send(sentAt);
      expect((await api.call('GET', '/v1/quarantine?ref=org-waits')).body['items']).toHaveLength(1);
      await api.call('PUT', '/v1/accounts/org-waits', {});
      expect(await timesOf('org-waits')).toHaveLength(1);
      for (const sentAt of [undefined, inMs(180_000), inMs(240_000)])
        expect((await send(sentAt)).body).toMatchObject({ accepted: 0, duplicates: 1 });
      const [, other] = ahead('org-waits-2', 0).batch;
      await api.call('POST', '/v1/batch', { batch: [other] });
      await api.call('PUT', '/v1/accounts/org-waits-2', {});
      const late = await api.call('POST', '/v1/batch', { batch: [other], sentAt: inMs(180_000) });
      expect(late.body).toMatchObject({ accepted: 0, duplicates: 1 });
    });

    it('is deduplicated for a user who has been in several accounts', async () => {
      await batch(app, [
        { type: 'group', messageId: 'mover-1', userId: 'mover', groupId: 'org-m1', timestamp: daysAgo(9) },
        { type: 'group', messageId: 'mover-2', userId: 'mover', groupId: 'org-m2', timestamp: daysAgo(5) },
      ]);
      const call = {
        type: 'track',
        messageId: 'mover-3',
        userId: 'mover',
        event: 'Opened',
        timestamp: inMs(2 * HOUR_MS),
      };
      const sent = { batch: [call], sentAt: inMs(2 * HOUR_MS) };
      expect((await api.call('POST', '/v1/batch', sent)).body).toMatchObject({ accepted: 1 });
      await batch(app, [
        { type: 'group', messageId: 'mover-4', userId: 'mover', groupId: 'org-m1', timestamp: daysAgo(1) },
      ]);
      const again = await api.call('POST', '/v1/batch', { ...sent, sentAt: inMs(2 * HOUR_MS + 9_000) });
      expect(again.body).toMatchObject({ accepted: 0, duplicates: 1 });
    });

    it('is deduplicated in quarantine', async () => {
      const [, call] = ahead('org-late', 2 * HOUR_MS).batch;
      for (const sentAt of [inMs(2 * HOUR_MS), inMs(2 * HOUR_MS + 9_000)])
        await api.call('POST', '/v1/batch', { batch: [call], sentAt });
      expect((await api.call('GET', '/v1/quarantine?ref=org-late')).body['items']).toHaveLength(1);
      await api.call('PUT', '/v1/accounts/org-late', {});
      expect(await timesOf('org-late')).toHaveLength(1);
    });

    it('keeps its correction through a merge and loses it with its account', async () => {
      const sent = ahead('org-from', 2 * HOUR_MS);
      await api.call('POST', '/v1/batch', sent);
      await api.call('PUT', '/v1/accounts/org-into', {});
      expect(
        (await api.call('POST', '/v1/accounts/org-from/merge', { into: 'org-into' })).status,
      ).toBeLessThan(300);
      const again = await api.call('POST', '/v1/batch', { ...sent, sentAt: inMs(2 * HOUR_MS + 9_000) });
      expect(again.body).toMatchObject({ accepted: 0, duplicates: 1 });
      await api.call('DELETE', '/v1/accounts/org-into');
      const left = await app.dataSource.query(
        'SELECT FROM clock_correction WHERE account_id NOT IN (SELECT account_id FROM account)',
      );
      expect(left).toEqual([]);
    });

    it.each(['track', 'page', 'screen', 'group', 'identify', 'alias'])(
      'is told when a %s call is more than an hour ahead after the correction',
      async (type) => {
        const call = {
          type,
          event: 'E',
          userId: 'u-far',
          previousId: 'u-near',
          groupId: 'org-far',
          timestamp: inMs(4 * HOUR_MS),
        };
        const sent = { batch: [call], sentAt: inMs(2 * HOUR_MS) };
        expect((await api.call('POST', '/v1/batch', sent)).body).toMatchObject({
          rejected: 1,
          errors: [{ code: 'in_future', pointer: '/timestamp' }],
        });
        expectProblem(await api.call('POST', `/v1/${type}`, call), 400, 'in_future', '/timestamp');
      },
    );

    it('does not let a group call from the future override the next one', async () => {
      const group = (timestamp: string, name: string, plan: string) => ({
        type: 'group',
        messageId: `flip-${name}`,
        userId: 'u-flip',
        groupId: 'org-flip',
        traits: { name, plan },
        timestamp,
      });
      // As `date +%FT%TZ` writes them.
      const toSecond = (time: string) => `${time.slice(0, 19)}Z`;
      const old = group(toSecond(inMs(75_000)), 'Old phone', 'free');
      await api.call('POST', '/v1/group', old);
      await api.call('POST', '/v1/group', group(toSecond(inMs(0)), 'Right', 'pro'));
      expect(await stateOf('org-flip')).toMatchObject({ name: 'Right', traits: { plan: 'pro' } });
      // A late retry of the first one changes nothing either.
      expect((await api.call('POST', '/v1/group', old)).body).toMatchObject({ duplicates: 1 });
      expect(await stateOf('org-flip')).toMatchObject({ name: 'Right', traits: { plan: 'pro' } });
      const [{ ahead: dated } = { ahead: NaN }]: { ahead: number }[] = await app.dataSource.query(
        `SELECT (SELECT count(*) FROM statement WHERE effective_at > now()) + (SELECT count(*) FROM user_account WHERE from_at > now())
         + (SELECT count(*) FROM account_state WHERE valid_from > now()) AS ahead`,
      );
      expect(Number(dated)).toBe(0);
    });

    it('lets a group call from the future override earlier statements', async () => {
      const group = (messageId: string, timestamp: string, plan: string) =>
        api.call('POST', '/v1/group', {
          messageId,
          groupId: 'org-next',
          userId: 'u',
          traits: { plan },
          timestamp,
        });
      await group('next-1', inMs(-1_000), 'free');
      await group('next-2', inMs(75_000), 'pro');
      expect(await stateOf('org-next')).toMatchObject({ traits: { plan: 'pro' } });
    });
  });

  it('identifies duplicates by id, account and time', async () => {
    await api.call('PUT', '/v1/accounts/org-r', {});
    const renewal = (second: string, value: number) =>
      api.call('POST', '/v1/track', {
        messageId: 'renewal-uuid-1',
        event: 'Renewed',
        groupId: 'org-r',
        userId: 'u-r',
        properties: { value },
        timestamp: `${daysAgo(2).slice(0, 10)}T10:00:${second}Z`,
      });
    const answers = [await renewal('00.000', 49), await renewal('07.000', 49), await renewal('00.000', 99)];
    expect(answers.map(({ body }) => [body['accepted'], body['duplicates']])).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    expect((await counted(app)).days).toMatchObject({ [`org-r ${daysAgo(2).slice(0, 10)} Renewed`]: 2 });
  });
});
