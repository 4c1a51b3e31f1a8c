import { jest } from '@jest/globals';
import { DirectoryRepository } from '../../src/accounts/directory.repository.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import { batch, counted, daysAgo, track, remainingTraces, type Call } from '../support/intake.js';

describe('one person under several ids', () => {
  let app: TestApp;
  let api: Client;
  let serial = 0;

  beforeAll(async () => {
    app = await startTestApp({ internalDomains: ['steward.example'] });
    api = client(app);
  });
  afterAll(() => app.stop());

  const call = (type: string, fields: object): Call => ({
    type,
    messageId: `c-${++serial}`,
    timestamp: daysAgo(2),
    ...fields,
  });
  const alias = (previousId: string, userId: string, days = 2) =>
    call('alias', { previousId, userId, timestamp: daysAgo(days) });
  const account = (id: string) => api.call('PUT', `/v1/accounts/${id}`, { name: id });
  const day = daysAgo(3).slice(0, 10);

  /** On the day of the events of `track`. */
  async function activeUsers(id: string): Promise<number | undefined> {
    await counted(app);
    const { body } = await api.call('GET', `/v1/accounts/${id}/usage?from=${day}&to=${day}`);
    return (body['items'] as { activeUsers: number }[])[0]?.activeUsers;
  }

  it('counts once through any chain of aliases, and rejects one that closes a cycle', async () => {
    await account('org-p');
    const events = [
      track({ anonymousId: 'anon-1', userId: undefined, group: 'org-p' }),
      track({ userId: 'temp', group: 'org-p' }),
      track({ userId: 'real', group: 'org-p' }),
    ];
    const sent = await batch(app, [
      ...events,
      alias('real', 'anon-1', 2),
      alias('anon-1', 'temp', 4),
      alias('temp', 'real', 3),
    ]);
    expect(sent.body).toMatchObject({
      accepted: 5,
      rejected: 1,
      errors: [{ index: 3, code: 'alias_circle', pointer: '/userId' }],
    });
    expect(await activeUsers('org-p')).toBe(1);
    expect(await api.call('POST', '/v1/alias', alias('real', 'anon-1'))).toMatchObject({
      status: 409,
      body: { code: 'alias_circle', pointer: '/userId' },
    });
    expect((await batch(app, [alias('anon-1', 'temp'), alias('anon-1', 'real')])).body).toMatchObject({
      duplicates: 2,
    });
  });

  it('finds the account through a chain of aliases whose last link arrives last', async () => {
    const events = ['anon-9', 'temp9', 'real9'].map((id) => {
      const [userId, anonymousId] = id.startsWith('anon') ? [undefined, id] : [id, undefined];
      return track({ userId, anonymousId, event: `From ${id}` });
    });
    expect((await batch(app, [alias('anon-9', 'temp9'), ...events])).body).toMatchObject({ quarantined: 3 });
    await batch(app, [call('group', { userId: 'real9', groupId: 'org-9', timestamp: daysAgo(30) })]);
    await batch(app, [alias('temp9', 'real9')]);
    const { days } = await counted(app);
    expect(Object.keys(days).filter((key) => key.startsWith('org-9 '))).toHaveLength(3);
    expect(await app.dataSource.query('SELECT FROM quarantine')).toHaveLength(0);
    expect(await activeUsers('org-9')).toBe(1);
  });

  it('resolves every alias to the end of its chain, even with concurrent chains', async () => {
    const links = Array.from({ length: 12 }, (_, i) => alias(`x${i}`, `x${i + 1}`));
    await Promise.all(links.map((link) => batch(app, [link])));
    expect(
      await app.dataSource.query(
        `SELECT DISTINCT user_id, count(*)::int FROM user_alias WHERE alias ~ '^x\\d+$' GROUP BY 1`,
      ),
    ).toEqual([{ user_id: 'x12', count: 12 }]);
  });

  it('counts users named by the same contact once, and staff not at all', async () => {
    await account('org-c');
    await api.call('PUT', '/v1/contacts/K-1', { accountId: 'org-c', userIds: ['k1', 'k2'] });
    await api.call('PUT', '/v1/contacts/K-2', { accountId: 'org-c', userIds: ['k2', 'k3'] });
    await batch(app, [
      ...['k1', 'k2', 'k3', 'k4', 'staff-alias', 'other-alias'].map((userId) =>
        track({ userId, group: 'org-c' }),
      ),
      alias('k4-old', 'k4'),
      alias('staff-alias', 'kim@steward.example'),
      alias('jo@Steward.example', 'jo'),
      alias('other-alias', 'jo'),
    ]);
    expect(await activeUsers('org-c')).toBe(2);
  });

  it('rescores accounts whose users were merged', async () => {
    await batch(app, [
      call('group', { userId: 't1', groupId: 'org-t', timestamp: daysAgo(9) }),
      track({ userId: 't1' }),
      track({ userId: 't2', group: 'org-t' }),
    ]);
    await counted(app);
    await app.dataSource.query('DELETE FROM touched_account');
    await batch(app, [alias('t1', 't2')]);
    expect(
      await app.dataSource.query('SELECT id FROM touched_account JOIN account USING (account_id)'),
    ).toEqual([{ id: 'org-t' }]);
    expect(await activeUsers('org-t')).toBe(1);
  });
});

describe('a user of several accounts', () => {
  let app: TestApp;
  let api: Client;
  let serial = 0;

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
    for (const id of ['X', 'Y', 'Z']) await api.call('PUT', `/v1/accounts/${id}`, { name: id });
  });
  afterAll(() => app.stop());

  const identify = (userId: string, days: number, fields: object = {}) => ({
    type: 'identify',
    messageId: `i-${++serial}`,
    userId,
    timestamp: daysAgo(days),
    ...fields,
  });
  const group = (userId: string, groupId: string, days: number) => ({
    type: 'group',
    messageId: `i-${++serial}`,
    userId,
    groupId,
    timestamp: daysAgo(days),
  });
  const contacts = (user: string): Promise<object[]> =>
    app.dataSource.query(
      `SELECT a.id AS account, c.id, c.email FROM contact c JOIN account a USING (account_id)
       WHERE $1 = ANY(c.user_ids) AND c.valid_to = 'infinity' ORDER BY 1`,
      [user],
    );

  it('has its own contact in each, addressed by context.groupId', async () => {
    const inAccount = (groupId: string, email: string) =>
      identify('u1', 3, { context: { groupId }, traits: { email } });
    expect((await batch(app, [inAccount('X', 'u@x.example')])).body).toMatchObject({ accepted: 1 });
    const inY = inAccount('Y', 'u@y.example');
    const second = await api.call('POST', '/v1/identify', inY);
    expect(second).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect((await batch(app, [inY])).body).toMatchObject({ duplicates: 1 });
    await batch(app, [identify('u1', 1, { context: { groupId: 'Y' }, traits: { email: 'new@y.example' } })]);
    expect(await contacts('u1')).toEqual([
      { account: 'X', id: 'u1', email: 'u@x.example' },
      { account: 'Y', id: 'Y:u1', email: 'new@y.example' },
    ]);
  });

  it('gets both contacts from one batch and from two concurrent ones', async () => {
    const both = (user: string) =>
      ['X', 'Y'].map((groupId) => identify(user, 3, { context: { groupId }, traits: {} }));
    expect((await batch(app, both('u2'))).body).toMatchObject({ accepted: 2, rejected: 0 });
    expect(await contacts('u2')).toHaveLength(2);
    const atOnce = await Promise.all(both('u3').map((one) => batch(app, [one])));
    expect(atOnce.map(({ body }) => body['accepted'])).toEqual([1, 1]);
    expect(await contacts('u3')).toHaveLength(2);
  });

  it('chooses another id when another account takes the chosen one concurrently', async () => {
    const directory = app.app.get(DirectoryRepository);
    const owners = directory.owners.bind(directory);
    const spy = jest.spyOn(directory, 'owners').mockImplementationOnce(async (...args) => {
      const free = await owners(...args);
      await api.call('PUT', '/v1/contacts/raced', { accountId: 'X', name: 'Somebody else' });
      return free;
    });
    const answer = await batch(app, [identify('raced', 3, { context: { groupId: 'Y' } })]);
    spy.mockRestore();
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await contacts('raced')).toEqual([{ account: 'Y', id: 'Y:raced', email: null }]);
  });

  it('gets a contact in the new account on an identify without an account after a move', async () => {
    await batch(app, [group('u4', 'X', 20), identify('u4', 15, { traits: { email: 'm@x.example' } })]);
    await batch(app, [group('u4', 'Y', 10)]);
    const moved = await api.call(
      'POST',
      '/v1/identify',
      identify('u4', 5, { traits: { email: 'm@y.example' } }),
    );
    expect(moved).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await contacts('u4')).toEqual([
      { account: 'X', id: 'u4', email: 'm@x.example' },
      { account: 'Y', id: 'Y:u4', email: 'm@y.example' },
    ]);
  });

  it('gets one even if the account arrives later', async () => {
    await batch(app, [identify('u5', 3, { context: { groupId: 'X' } })]);
    const waits = await batch(app, [identify('u5', 3, { context: { groupId: 'later' } })]);
    expect(waits.body).toMatchObject({ quarantined: 1 });
    await api.call('PUT', '/v1/accounts/later', { name: 'Later' });
    expect(await contacts('u5')).toEqual([
      { account: 'X', id: 'u5', email: null },
      { account: 'later', id: 'later:u5', email: null },
    ]);
  });

  it('chooses another contact id when the derived one is taken or too long', async () => {
    const long = 'l'.repeat(250);
    await api.call('PUT', '/v1/contacts/Z:u6', { accountId: 'X', name: 'Somebody else' });
    for (const user of ['u6', long])
      for (const groupId of ['Y', 'Z'])
        expect((await batch(app, [identify(user, 3, { context: { groupId } })])).body).toMatchObject({
          accepted: 1,
        });
    const found = [...(await contacts('u6')), ...(await contacts(long))] as { id: string }[];
    expect(found.map(({ id }) => id)).toEqual([
      'u6',
      expect.stringMatching(/^user:[0-9a-f]{32}$/),
      long,
      expect.stringMatching(/^Z:l+$/),
    ]);
  });

  it('is updated by an id whose alias the contact has', async () => {
    await batch(app, [identify('old-7', 9, { context: { groupId: 'X' }, traits: { email: 'o@x.example' } })]);
    await batch(app, [
      { type: 'alias', previousId: 'old-7', userId: 'u7', timestamp: daysAgo(8) },
      identify('u7', 7, { context: { groupId: 'X' }, traits: { name: 'Seven' } }),
    ]);
    expect(await contacts('u7')).toEqual([{ account: 'X', id: 'old-7', email: 'o@x.example' }]);
  });

  it('gets errors about the fields sent, not about contact fields', async () => {
    await batch(app, [identify('u8', 3, { context: { groupId: 'X' } })]);
    await api.call('DELETE', '/v1/contacts/u8');
    const erased = await api.call('POST', '/v1/identify', identify('u8', 2, { context: { groupId: 'Y' } }));
    expect(erased.body).toMatchObject({ code: 'erased', pointer: '/userId' });
    await api.call('POST', '/v1/accounts/Z/merge', { into: 'Y' });
    const merged = await api.call('POST', '/v1/group', group('u9', 'Z', 2));
    expect(merged.body).toMatchObject({ code: 'merged', pointer: '/groupId' });
  });

  it('leaves no data in any account when one of the contacts is erased', async () => {
    await batch(app, [
      ...['X', 'Y'].flatMap((groupId) => [
        identify('canary-u', 5, { context: { groupId }, traits: { email: `canary@${groupId}.example` } }),
        track({ userId: 'canary-u', group: groupId }),
      ]),
      { type: 'alias', previousId: 'canary-b', userId: 'canary-u', timestamp: daysAgo(4) },
      { type: 'alias', previousId: 'canary-a', userId: 'canary-b', timestamp: daysAgo(4) },
      track({ userId: 'canary-a', group: 'Y' }),
      track({ userId: 'canary-b', group: 'X', timestamp: daysAgo(4) }),
    ]);
    const active = async (id: string) => {
      await counted(app);
      const range = `from=${daysAgo(4).slice(0, 10)}&to=${daysAgo(3).slice(0, 10)}`;
      const { body } = await api.call('GET', `/v1/accounts/${id}/usage?${range}`);
      return (body['items'] as { activeUsers: number }[]).map(({ activeUsers }) => activeUsers);
    };
    expect([await active('X'), await active('Y')]).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect((await api.call('DELETE', '/v1/contacts/Y:canary-u')).status).toBe(204);
    expect(await remainingTraces(app.dataSource, ['canary'])).toEqual([]);
    expect([await active('X'), await active('Y')]).toEqual([
      [1, 1],
      [0, 1],
    ]);
    const users: { n: number }[] = await app.dataSource.query(
      `SELECT count(DISTINCT user_id)::int AS n FROM user_month WHERE user_id LIKE 'erased:%'`,
    );
    expect(users).toEqual([{ n: 1 }]);
    await batch(app, [track({ userId: 'canary-a', group: 'Y', timestamp: daysAgo(1) })]);
    expect(await remainingTraces(app.dataSource, ['canary'])).toEqual([]);
  });
});
