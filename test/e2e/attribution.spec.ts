import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import { batch, counted, daysAgo, track, type Call } from '../support/intake.js';

describe('the account of an event that names only a user', () => {
  let app: TestApp;
  let api: Client;
  let serial = 0;

  beforeAll(async () => {
    app = await startTestApp({ internalDomains: ['steward.example'] });
    api = client(app);
    for (const id of ['A', 'B', 'C']) await api.call('PUT', `/v1/accounts/${id}`, { name: id });
  });
  afterAll(() => app.stop());

  const group = (userId: string, groupId: string, days: number) => ({
    type: 'group',
    messageId: `g-${++serial}`,
    userId,
    groupId,
    timestamp: daysAgo(days),
  });
  const opened = (userId: string, days: number, over: Partial<Call> = {}) =>
    track({ userId, timestamp: daysAgo(days), event: `Opened by ${userId}`, ...over });

  /** Account and day of each of the user's events. */
  async function eventsOf(name: string): Promise<string[]> {
    const { days } = await counted(app);
    return Object.entries(days)
      .filter(([key]) => key.endsWith(` Opened by ${name}`))
      .flatMap(([key, events]) => Array.from({ length: events }, () => key.split(' ').slice(0, 2).join(' ')));
  }
  const day = (days: number) => daysAgo(days).slice(0, 10);

  it("is the user's group at the time, or the first group for earlier events", async () => {
    await batch(app, [group('u1', 'A', 20), group('u1', 'B', 10)]);
    const answer = await batch(app, [opened('u1', 30), opened('u1', 15), opened('u1', 5)]);
    expect(answer.body).toMatchObject({ accepted: 3 });
    expect(await eventsOf('u1')).toEqual([`A ${day(30)}`, `A ${day(15)}`, `B ${day(5)}`]);
  });

  it('depends on the time, not on the position in the batch', async () => {
    await batch(app, [opened('u2', 5), opened('u2', 15), group('u2', 'B', 10), group('u2', 'A', 20)]);
    expect(await eventsOf('u2')).toEqual([`A ${day(15)}`, `B ${day(5)}`]);
  });

  it('is unknown until the user joins a group', async () => {
    const answer = await batch(app, [opened('u3', 5)]);
    expect(answer.body).toMatchObject({ quarantined: 1 });
    await batch(app, [group('u3', 'C', 1)]);
    expect(await eventsOf('u3')).toEqual([`C ${day(5)}`]);
  });

  it('does not change when a later `group` call names another account', async () => {
    const event = opened('u4', 5);
    await batch(app, [group('u4', 'A', 20), event]);
    await batch(app, [group('u4', 'B', 10)]);
    expect((await batch(app, [event])).body).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await eventsOf('u4')).toEqual([`A ${day(5)}`]);
  });

  it('does not change when the `group` call arrives while the event is being stored', async () => {
    const event = opened('race', 5);
    await batch(app, [group('race', 'A', 20)]);
    const runner = app.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('LOCK TABLE event IN SHARE MODE');
    const waiting = async (n: number) => {
      for (;;) {
        const [row]: { n: number }[] = await app.dataSource.query(
          'SELECT count(DISTINCT pid)::int AS n FROM pg_locks WHERE NOT granted',
        );
        if ((row?.n ?? 0) >= n) return;
      }
    };
    const first = batch(app, [event]);
    await waiting(1);
    await batch(app, [group('race', 'B', 10)]);
    const second = batch(app, [event]);
    await waiting(2);
    await runner.commitTransaction();
    await runner.release();
    expect((await first).body).toMatchObject({ accepted: 1 });
    expect((await second).body).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await eventsOf('race')).toEqual([`A ${day(5)}`]);
  });

  it('follows an alias', async () => {
    await batch(app, [group('u5', 'A', 20), opened('old-5', 5)]);
    expect(await eventsOf('old-5')).toEqual([]);
    const alias = {
      type: 'alias',
      messageId: 'a-1',
      previousId: 'old-5',
      userId: 'u5',
      timestamp: daysAgo(1),
    };
    expect((await batch(app, [alias])).body).toMatchObject({ accepted: 1 });
    expect((await batch(app, [alias])).body).toMatchObject({ duplicates: 1 });
    expect(await eventsOf('old-5')).toEqual([`A ${day(5)}`]);
  });

  it('follows an alias from the new id to the group of the old one', async () => {
    await batch(app, [group('old-6', 'B', 20)]);
    await batch(app, [opened('u6', 5)]);
    await batch(app, [
      { type: 'alias', messageId: 'a-2', previousId: 'old-6', userId: 'u6', timestamp: daysAgo(1) },
    ]);
    await batch(app, [opened('u6', 4)]);
    expect(await eventsOf('u6')).toEqual([`B ${day(5)}`, `B ${day(4)}`]);
  });

  it('is resolved by an anonymous id aliased before the user joined a group', async () => {
    const anonymous = { ...opened('early', 5), userId: undefined, anonymousId: 'anon-9' };
    await batch(app, [
      anonymous,
      {
        type: 'identify',
        messageId: 'i-9',
        userId: 'u9',
        anonymousId: 'anon-9',
        timestamp: daysAgo(1),
        traits: {},
      },
    ]);
    await batch(app, [group('u9', 'A', 20)]);
    expect(await eventsOf('early')).toEqual([`A ${day(5)}`]);
  });

  it('is resolved by an anonymous id once `identify` has named the user', async () => {
    const anonymous = { ...opened('anon', 5), userId: undefined, anonymousId: 'anon-7' };
    expect((await batch(app, [anonymous])).body).toMatchObject({ quarantined: 1 });
    await batch(app, [
      group('u7', 'A', 20),
      {
        type: 'identify',
        messageId: 'i-1',
        userId: 'u7',
        anonymousId: 'anon-7',
        timestamp: daysAgo(1),
        traits: {},
      },
    ]);
    expect(await eventsOf('anon')).toEqual([`A ${day(5)}`]);
    const { users } = await counted(app);
    expect(Object.keys(users).filter((key) => /anon/.test(key))).toEqual([]);
  });

  it('is that of the contact with the user id', async () => {
    await api.call('PUT', '/v1/contacts/C-8', { accountId: 'B', userIds: ['u8', 'u8b'] });
    await batch(app, [opened('u8', 5), opened('u8b', 5)]);
    expect(await eventsOf('u8')).toEqual([`B ${day(5)}`]);
    expect(await eventsOf('u8b')).toEqual([`B ${day(5)}`]);
  });

  it('lets `identify` update the contact with the user id and keeps its other users', async () => {
    await batch(app, [
      { type: 'identify', messageId: 'i-2', userId: 'u8', timestamp: daysAgo(0), traits: { name: 'Ada' } },
    ]);
    expect(
      await app.dataSource.query(
        `SELECT id, user_ids, name FROM contact WHERE 'u8' = ANY(user_ids) AND valid_to = 'infinity'`,
      ),
    ).toEqual([{ id: 'C-8', user_ids: ['u8', 'u8b'], name: 'Ada' }]);
  });

  it('counts events of anonymous and internal users, but not the users', async () => {
    await api.call('PUT', '/v1/accounts/D', { name: 'D' });
    await api.call('PUT', '/v1/accounts/Own', { name: 'Own', internal: true });
    await api.call('PUT', '/v1/contacts/C-own', { accountId: 'Own', userIds: ['u-own'] });
    await batch(app, [
      track({ group: 'D', userId: 'u-a' }),
      track({ group: 'D', userId: 'u-b' }),
      track({ group: 'D', userId: 'u-own' }),
      track({ group: 'D', userId: 'kim@Steward.example' }),
      track({ group: 'D', userId: undefined, anonymousId: 'nobody' }),
    ]);
    await counted(app);
    const usage = async () => {
      const { body } = await api.call('GET', `/v1/accounts/D/usage?from=${day(3)}&to=${day(3)}`);
      return (body['items'] as { activeUsers: number; events: number }[])[0];
    };
    expect(await usage()).toMatchObject({ events: 5, activeUsers: 2 });
    await api.call('PUT', '/v1/contacts/C-b', {
      accountId: 'D',
      userIds: ['u-b'],
      email: 'b@steward.example',
    });
    expect(await usage()).toMatchObject({ events: 5, activeUsers: 1 });
  });
});
