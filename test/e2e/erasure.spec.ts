import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import { EventErasureRepository } from '../../src/intake/erasure/event-erasure.repository.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import {
  batch,
  counted,
  type Counted,
  daysAgo,
  track,
  remainingTraces,
  tracesOf,
} from '../support/intake.js';

const ADDRESS = 'canary.person@acme.example';
const USERS = ['canary-user-1', 'canary-user-2'];
const OLD_USER = 'canary-old-user';
const NAME = 'Canary Q. Person';
const CANARIES = [ADDRESS, ...USERS, OLD_USER, NAME, 'canary-words'];

describe('erasure of a contact', () => {
  let app: TestApp;
  let api: Client;
  const logged: string[] = [];

  const path = `/v1/contacts/${encodeURIComponent(ADDRESS)}`;
  const contact = { accountId: 'A-1', userIds: USERS, email: ADDRESS, name: NAME, role: 'champion' };
  const put = async (route: string, body: object, status: number) =>
    expect([route, (await api.call('PUT', route, body)).status]).toEqual([route, status]);
  const ndjson = (lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const importing = (kind: string, lines: object[]) =>
    api.call('POST', `/v1/imports/${kind}`, ndjson(lines), { 'content-type': 'application/x-ndjson' });

  /** Names the person in every place that can. */
  async function spread(): Promise<void> {
    await put('/v1/accounts/A-1', { name: 'Acme', traits: { owner: ADDRESS, size: 7 } }, 201);
    await put('/v1/accounts/A-2', { name: 'Other', csm: NAME }, 201);
    await put(path, contact, 201);
    await put(path, { ...contact, role: 'admin' }, 200);
    await put('/v1/contacts/C-2', { accountId: 'A-1', userIds: ['u-2'], email: 'other@acme.example' }, 201);
    await put(
      '/v1/tickets/T-1',
      { accountId: 'A-1', contactId: ADDRESS, subject: 'canary-words', openedAt: daysAgo(9) },
      201,
    );
    await put(
      '/v1/tickets/T-3',
      { accountId: 'A-1', contactId: 'C-2', subject: `access for ${NAME}`, openedAt: daysAgo(9) },
      201,
    );
    await put('/v1/tickets/T-2', { accountId: 'A-2', contactId: ADDRESS, openedAt: daysAgo(9) }, 201);
    const survey = {
      accountId: 'A-1',
      kind: 'nps',
      answeredAt: daysAgo(5),
      score: 9,
      comment: 'canary-words',
    };
    await put('/v1/surveys/V-1', { ...survey, contactId: ADDRESS }, 201);
    await put('/v1/surveys/V-2', { ...survey, comment: `as ${NAME} told us`, contactId: 'C-2' }, 201);
    const activity = { accountId: 'A-1', kind: 'call', at: daysAgo(4), note: 'canary-words' };
    await put('/v1/activities/K-1', { ...activity, contactId: ADDRESS }, 201);
    await importing('activities', [{ id: 'K-1', contactId: 'C-2', effectiveAt: daysAgo(1) }]);
    await put(
      '/v1/subscriptions/S-1',
      { accountId: 'A-1', startedAt: '2024-01-01', endComment: `ask ${ADDRESS}` },
      201,
    );
    await importing('contacts', [
      { id: ADDRESS, accountId: 'A-2' },
      { id: ADDRESS, email: 'wrong' },
    ]);
    await batch(app, [
      ...USERS.map((userId) => track({ userId, group: 'A-1', properties: { by: NAME } })),
      track({ userId: USERS[0], group: 'A-2', properties: { mail: ADDRESS } }),
      track({ userId: USERS[0], group: 'A-2', event: 'Saved', timestamp: daysAgo(40) }),
      track({ userId: OLD_USER, group: 'A-1' }),
      track({ userId: 'u-2', group: 'A-1', properties: { text: `invited ${ADDRESS}`, list: [USERS[0]] } }),
      track({ userId: 'u-2', group: 'A-1', properties: { keep: 'this' }, event: 'Kept' }),
      { type: 'group', groupId: 'A-1', userId: USERS[0], messageId: 'g-1', timestamp: daysAgo(20) },
      {
        type: 'identify',
        userId: USERS[0],
        anonymousId: 'anon-1',
        messageId: 'i-1',
        timestamp: daysAgo(20),
        traits: { name: NAME },
      },
      { type: 'alias', previousId: OLD_USER, userId: USERS[1], messageId: 'a-1', timestamp: daysAgo(20) },
    ]);
    await put('/v1/tickets/T-9', { accountId: 'A-9', contactId: ADDRESS, openedAt: daysAgo(9) }, 202);
    await put('/v1/surveys/V-9', { ...survey, accountId: 'A-9', contactId: ADDRESS }, 202);
    await put('/v1/contacts/C-9', { accountId: 'A-9', email: ADDRESS.toUpperCase(), name: NAME }, 202);
    await batch(app, [
      track({ userId: USERS[1], group: 'A-9', properties: { mail: ADDRESS } }),
      track({ userId: 'u-9', group: 'A-9', properties: { mail: ADDRESS }, messageId: 'kept-9' }),
      {
        type: 'identify',
        userId: 'canary-user-1',
        context: { groupId: 'A-9' },
        messageId: 'i-2',
        timestamp: daysAgo(2),
      },
    ]);
    await api.call('DELETE', '/v1/contacts/nobody-canary-user-1');
    await api.call('POST', '/v1/track', { ...track({ userId: USERS[0] }), timestamp: ADDRESS });
  }

  beforeAll(async () => {
    const log = new Writable({
      write: (chunk: Buffer, _, done) => {
        logged.push(chunk.toString());
        done();
      },
    });
    app = await startTestApp({}, { log });
    api = client(app);
    await spread();
  });
  afterAll(() => app.stop());

  it('leaves no row in any table that names the person and does not change counts', async () => {
    const before = await counted(app);
    const places = await tracesOf(app.dataSource, CANARIES);
    expect(places).toEqual(
      expect.arrayContaining([
        'account_state.traits',
        'account_state.csm',
        'contact.email',
        'event.properties',
        'event.user_id',
        'import_error.id',
        'quarantine.payload',
        'record_ref.id',
        'statement.patch',
        'survey.comment',
        'activity.note',
        'ticket.contact_id',
        'user_account.user_id',
        'user_alias.user_id',
        'user_month.user_id',
      ]),
    );

    expect((await api.call('DELETE', path)).status).toBe(204);

    expect(await remainingTraces(app.dataSource, CANARIES)).toEqual([]);
    const after = await counted(app);
    expect(after.days).toEqual(before.days);
    // Under three ids in A-1 and one in A-2, with as many active days: one nobody in each, the same one.
    const people = ({ users }: Counted) =>
      Object.fromEntries(
        Object.entries(users).map(([key, days]) => [key.replace(/canary.*|erased:.*/, 'person'), days]),
      );
    expect(people(after)).toEqual(people(before));
    const nobodies = Object.keys(after.users).filter((key) => key.includes('erased:'));
    expect(nobodies).toHaveLength(2);
    expect(new Set(nobodies.map((key) => key.split(' ')[1])).size).toBe(1);
    const [kept] = await app.dataSource.query<unknown[]>(`SELECT properties FROM event WHERE event = 'Kept'`);
    expect(kept).toEqual({ properties: { keep: 'this' } });
    const [ticket] = await app.dataSource.query<unknown[]>(
      `SELECT contact_id FROM activity WHERE id = 'K-1' AND valid_to = 'infinity'`,
    );
    expect(ticket).toEqual({ contact_id: 'C-2' });
    expect(await app.dataSource.query(`SELECT id, email FROM contact WHERE valid_to = 'infinity'`)).toEqual([
      { id: 'C-2', email: 'other@acme.example' },
    ]);
  });

  it('returns 404 the second time', async () => {
    expect((await api.call('DELETE', path)).status).toBe(404);
  });

  it('is not undone by later facts, which are counted without the person', async () => {
    const before = await counted(app);
    expect((await api.call('PUT', path, contact)).body).toMatchObject({ status: 409, code: 'erased' });
    expect((await api.call('PUT', path, { ...contact, accountId: 'A-404' })).body).toMatchObject({
      code: 'erased',
    });
    expect(
      (await api.call('PUT', '/v1/contacts/C-7', { accountId: 'A-1', email: ADDRESS.toUpperCase() })).body,
    ).toMatchObject({ code: 'erased' });
    await put('/v1/tickets/T-4', { accountId: 'A-1', contactId: ADDRESS, openedAt: daysAgo(2) }, 201);
    await put(
      '/v1/surveys/V-3',
      { accountId: 'A-404', contactId: ADDRESS, kind: 'nps', score: 3, comment: 'canary-words' },
      202,
    );
    const imported = await importing('contacts', [
      { id: ADDRESS, accountId: 'A-1' },
      { id: ADDRESS, email: 'wrong' },
      { id: 'C-8', accountId: 'A-1' },
    ]);
    expect(imported.body).toMatchObject({ received: 3, created: 1, rejected: 2 });
    const known = track({ userId: USERS[0], group: 'A-1', properties: { by: NAME }, event: 'Later' });
    const answer = await batch(app, [
      known,
      known,
      track({ userId: USERS[0], event: 'Later', timestamp: daysAgo(2) }),
      track({ anonymousId: 'anon-1', event: 'Later', timestamp: daysAgo(2) }),
      track({ userId: OLD_USER, event: 'Later', timestamp: daysAgo(2) }),
      track({ userId: USERS[1], group: 'A-404', properties: { by: NAME } }),
      {
        type: 'identify',
        userId: USERS[0],
        anonymousId: 'anon-2',
        messageId: 'i-3',
        timestamp: daysAgo(1),
        traits: { email: ADDRESS },
      },
      { type: 'group', groupId: 'A-1', userId: USERS[0], messageId: 'g-2', timestamp: daysAgo(1) },
      { type: 'alias', previousId: 'anon-3', userId: USERS[0], messageId: 'a-2', timestamp: daysAgo(1) },
    ]);
    expect(answer.body).toMatchObject({ received: 9, quarantined: 1, rejected: 1 });
    expect(await remainingTraces(app.dataSource, CANARIES)).toEqual([]);
    await put('/v1/accounts/A-404', { name: 'Found' }, 201);
    await put('/v1/accounts/A-9', { name: 'Found' }, 201);
    expect(await remainingTraces(app.dataSource, CANARIES)).toEqual([]);
    const after = await counted(app);
    const later = Object.entries(after.days).filter(
      ([key]) => key.startsWith('A-1 ') && key.endsWith(' Later'),
    );
    expect(later.reduce((sum, [, events]) => sum + events, 0)).toBe(4);
    const users = ({ users }: typeof before) =>
      Object.entries(users).filter(([key]) => key.startsWith('A-1 '));
    expect(users(after)).toEqual(users(before));
    expect(Object.entries(after.days).filter(([key]) => key.startsWith('A-9 '))).toHaveLength(1);
  });

  it('logs no personal data', () => {
    const text = logged.join('').toLowerCase();
    expect(text).toContain('/v1/contacts/:id');
    for (const canary of CANARIES) expect(text).not.toContain(canary.toLowerCase());
  });
});

describe('erasure of a person without a stored contact', () => {
  let app: TestApp;
  let api: Client;

  beforeAll(async () => {
    app = await startTestApp({ internalDomains: ['steward.example'] });
    api = client(app);
    await api.call('PUT', '/v1/accounts/A-1', { name: 'Acme' });
  });
  afterAll(() => app.stop());

  it('removes a quarantined contact of an unknown account', async () => {
    await api.call('PUT', '/v1/contacts/waiting-canary', {
      accountId: 'A-7',
      email: 'waiting@canary.example',
    });
    expect((await api.call('DELETE', '/v1/contacts/waiting-canary')).status).toBe(204);
    expect(await remainingTraces(app.dataSource, ['waiting-canary', 'waiting@canary.example'])).toEqual([]);
  });

  it('removes a user who was never a contact', async () => {
    await batch(app, [track({ userId: 'canary-alone', group: 'A-1' }), track({ userId: 'canary-alone' })]);
    expect((await api.call('DELETE', '/v1/contacts/canary-alone')).status).toBe(204);
    expect(await remainingTraces(app.dataSource, ['canary-alone'])).toEqual([]);
  });

  it('does not turn a colleague into an active user', async () => {
    await api.call('PUT', '/v1/contacts/C-in', {
      accountId: 'A-1',
      userIds: ['u-in'],
      email: 'kim@steward.example',
    });
    await batch(app, [track({ userId: 'u-in', group: 'A-1' })]);
    const usage = async () => {
      await counted(app);
      const { body } = await api.call(
        'GET',
        `/v1/accounts/A-1/usage?from=${daysAgo(3).slice(0, 10)}&to=${daysAgo(3).slice(0, 10)}`,
      );
      return body['items'] as { activeUsers: number; events: number }[];
    };
    const before = await usage();
    expect((await api.call('DELETE', '/v1/contacts/C-in')).status).toBe(204);
    expect(await usage()).toEqual(before);
  });

  it('completes on a retry after being interrupted between events', async () => {
    await api.call('PUT', '/v1/contacts/42', {
      accountId: 'A-1',
      userIds: ['u42'],
      email: 'cut@canary.example',
    });
    await batch(app, [
      track({ userId: 'u42', group: 'A-1', event: 'Cut' }),
      track({ userId: 'u-2', group: 'A-1', event: 'Cut', properties: { by: '42' } }),
      track({ userId: 'u-2', group: 'A-1', event: 'Cut', properties: { 'Cut@Canary.Example': true } }),
      track({ userId: 'u-2', group: 'A-77', event: 'Cut', properties: { by: '42' } }),
      track({ userId: 'u42', event: 'Cut', group: 'A-77' }),
    ]);
    const properties = () =>
      app.dataSource.query(`SELECT DISTINCT properties::text FROM event WHERE event = 'Cut'`);
    const cut = jest
      .spyOn(app.app.get(EventErasureRepository, { strict: false }), 'erase')
      .mockRejectedValueOnce(new Error('cut off'));
    expect((await api.call('DELETE', '/v1/contacts/42')).status).toBe(500);
    cut.mockRestore();
    expect(await properties()).toHaveLength(3);

    expect((await api.call('DELETE', '/v1/contacts/42')).status).toBe(204);

    expect(await properties()).toEqual([{ properties: null }]);
    expect(await remainingTraces(app.dataSource, ['"42"', '\\"42\\"', 'u42', 'cut@canary.example'])).toEqual(
      [],
    );
    expect(await app.dataSource.query('SELECT FROM erasure')).toEqual([]);
    expect((await api.call('DELETE', '/v1/contacts/42')).status).toBe(404);
  });

  it('processes more events than fit into one chunk', async () => {
    await api.call('PUT', '/v1/contacts/many-canary', { accountId: 'A-1' });
    await app.dataSource.query(
      `INSERT INTO event (account_id, at, message_hash, event, user_id, properties)
       SELECT account_id, now() - interval '1 day' * (i % 3), md5(i::text)::uuid, 'Many', 'u-2',
         json_build_object('by', CASE i % 2 WHEN 0 THEN 'many-canary' ELSE 'Many-Canary' END)
       FROM account, generate_series(1, 4000) i WHERE id = 'A-1'`,
    );
    expect((await api.call('DELETE', '/v1/contacts/many-canary')).status).toBe(204);
    expect(
      await app.dataSource.query(
        `SELECT properties ->> 'by' AS by, count(*)::int FROM event WHERE event = 'Many' GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      { by: 'Many-Canary', count: 2_000 },
      { by: null, count: 2_000 },
    ]);
  });

  it('keeps other people whose data contains a short id', async () => {
    await api.call('PUT', '/v1/contacts/7', { accountId: 'A-1', userIds: ['u7'], name: 'Anna' });
    await api.call('PUT', '/v1/surveys/V-7', {
      accountId: 'A-1',
      kind: 'nps',
      score: 7,
      comment: 'Anna has 7 of u7',
    });
    await batch(app, [
      track({ userId: 'u-2', group: 'A-1', event: 'Short', properties: { seats: '47', n: 7 } }),
    ]);
    expect((await api.call('DELETE', '/v1/contacts/7')).status).toBe(204);
    expect(await app.dataSource.query(`SELECT properties FROM event WHERE event = 'Short'`)).toEqual([
      { properties: { seats: '47', n: 7 } },
    ]);
    expect(await app.dataSource.query(`SELECT comment FROM survey WHERE id = 'V-7'`)).toEqual([
      { comment: 'Anna has 7 of u7' },
    ]);
  });
});
