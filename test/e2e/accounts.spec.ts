import { setTimeout as sleep } from 'node:timers/promises';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { batch, counted, daysAgo, track, tracesOf } from '../support/intake.js';

const RECORDS: Record<string, { table: string; fields: object }> = {
  contacts: { table: 'contact', fields: {} },
  gauges: { table: 'gauge', fields: { name: 'credits', value: 3, at: daysAgo(9) } },
  subscriptions: { table: 'subscription', fields: { startedAt: daysAgo(9) } },
  tickets: { table: 'ticket', fields: { openedAt: daysAgo(9) } },
  invoices: {
    table: 'invoice',
    fields: { issuedAt: daysAgo(9), dueAt: daysAgo(2), amount: 5, currency: 'USD' },
  },
  surveys: { table: 'survey', fields: { kind: 'nps', sentAt: daysAgo(9) } },
  activities: { table: 'activity', fields: { kind: 'call', at: daysAgo(9) } },
  milestones: { table: 'milestone', fields: { name: 'first_value' } },
};

describe('the directory of accounts', () => {
  let database: TestDatabase;
  let app: TestApp;
  let other: TestApp;
  let api: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startTestApp({ databaseUrl: database.url });
    other = await startTestApp({ databaseUrl: database.url });
    api = client(app);
  });
  afterAll(async () => {
    await app.stop();
    await other.stop();
    await database.drop();
  });

  async function put(path: string, body: object, status: number, code?: string): Promise<void> {
    const answer = await api.call('PUT', path, body);
    expect([path, answer.status, answer.body['code']]).toEqual([path, status, code]);
  }
  async function remove(path: string, status: number): Promise<void> {
    expect([path, (await api.call('DELETE', path)).status]).toEqual([path, status]);
  }
  async function merge(from: string, into: string, status = 204, code?: string): Promise<void> {
    const answer = await api.call('POST', `/v1/accounts/${from}/merge`, { into });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  }
  async function daysOf(id: string): Promise<Record<string, number>> {
    const { days } = await counted(app);
    const own = Object.entries(days).filter(([key]) => key.startsWith(`${id} `));
    return Object.fromEntries(own.map(([key, events]) => [key.slice(id.length + 1), events]));
  }
  async function total(id: string): Promise<number> {
    return Object.values(await daysOf(id)).reduce((sum, events) => sum + events, 0);
  }
  async function ownerOf(kind: string, id: string): Promise<string | undefined> {
    const [row]: { id: string }[] = await app.dataSource.query(
      'SELECT a.id FROM record_ref r JOIN account a USING (account_id) WHERE r.kind = $1 AND r.id = $2',
      [kind, id],
    );
    return row?.id;
  }
  async function existsFrom(id: string): Promise<string | undefined> {
    const [row]: { at: Date | null }[] = await app.dataSource.query(
      'SELECT first_fact_at AS at FROM account WHERE id = $1',
      [id],
    );
    return row?.at?.toISOString();
  }

  describe('external ids', () => {
    it('work wherever an account is named', async () => {
      await put('/v1/accounts/X-1', { externalIds: ['stripe:cus_1', 'workspace:77'] }, 201);
      for (const [kind, { fields }] of Object.entries(RECORDS)) {
        await put(`/v1/${kind}/x-${kind}`, { accountId: 'stripe:cus_1', ...fields }, 201);
        expect(await ownerOf(kind, `x-${kind}`)).toBe('X-1');
        await put(`/v1/${kind}/x-${kind}`, { accountId: 'workspace:77', ...fields }, 200);
      }
      await put(
        '/v1/accounts/stripe:cus_1',
        { externalIds: ['stripe:cus_1', 'workspace:77'], name: 'X' },
        200,
      );
      await batch(app, [track({ group: 'workspace:77', userId: 'u' })]);
      expect(await total('X-1')).toBe(1);
      expect((await api.call('GET', '/v1/accounts/stripe:cus_1')).body).toMatchObject({
        id: 'X-1',
        name: 'X',
      });
    });

    it('are rejected when another account has them, and become free when withdrawn', async () => {
      await put('/v1/accounts/X-2', { externalIds: ['hub:2'] }, 201);
      await batch(other, [track({ group: 'hub:2' })]);
      await put('/v1/accounts/X-3', { externalIds: ['hub:2'] }, 409, 'external_id_taken');
      await put('/v1/accounts/X-3', { externalIds: ['X-2'] }, 409, 'external_id_taken');
      await put('/v1/accounts/X-2', { externalIds: [] }, 200);
      await put('/v1/accounts/X-3', { externalIds: ['hub:2'] }, 201);
      await batch(other, [track({ group: 'hub:2' })]);
      expect([await total('X-2'), await total('X-3')]).toEqual([1, 1]);
    });

    it('of one import resolve to one account, even if referenced before it', async () => {
      const lines = [
        { id: 'X-4', externalIds: ['hub:4'] },
        { id: 'hub:4', name: 'Same' },
        { id: 'X-5', externalIds: ['hub:4'] },
      ];
      const { body } = await api.call('POST', '/v1/imports/accounts', lines);
      expect(body).toMatchObject({
        created: 1,
        updated: 1,
        rejected: 1,
        errors: [{ code: 'external_id_taken' }],
      });
      expect((await api.call('GET', '/v1/accounts/hub:4')).body).toMatchObject({ id: 'X-4', name: 'Same' });
    });

    it('go to one of two accounts that claim them concurrently', async () => {
      const claims = Array.from({ length: 8 }, (_, i) =>
        client(i % 2 ? app : other).call('PUT', `/v1/accounts/claim-${i}`, { externalIds: ['hub:race'] }),
      );
      const statuses = (await Promise.all(claims)).map((answer) => answer.status).sort();
      expect(statuses).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    });
  });

  it('rejects a record that names another account than its own', async () => {
    await put('/v1/accounts/R-1', {}, 201);
    await put('/v1/accounts/R-2', {}, 201);
    for (const [kind, { fields }] of Object.entries(RECORDS)) {
      await put(`/v1/${kind}/r-${kind}`, { accountId: 'R-1', ...fields }, 201);
      await put(`/v1/${kind}/r-${kind}`, { accountId: 'R-2', ...fields }, 409, 'belongs_to_another_account');
    }
  });

  it('assigns a record sent concurrently by two accounts to one of them', async () => {
    const puts = Array.from({ length: 8 }, (_, i) =>
      client(i % 2 ? app : other).call('PUT', '/v1/tickets/r-race', {
        accountId: i % 2 ? 'R-1' : 'R-2',
        openedAt: daysAgo(1),
      }),
    );
    const statuses = (await Promise.all(puts)).map((answer) => answer.status).sort();
    expect(statuses).toEqual([200, 200, 200, 201, 409, 409, 409, 409]);
  });

  describe('deletion', () => {
    it('removes a record of each kind, which may then belong to another account', async () => {
      await put('/v1/accounts/D-1', {}, 201);
      await put('/v1/accounts/D-2', {}, 201);
      for (const [kind, { table, fields }] of Object.entries(RECORDS)) {
        await put(`/v1/${kind}/del-${kind}`, { accountId: 'D-1', ...fields }, 201);
        await remove(`/v1/${kind}/del-${kind}`, 204);
        expect(await app.dataSource.query(`SELECT id FROM ${table} WHERE id = $1`, [`del-${kind}`])).toEqual(
          [],
        );
        await remove(`/v1/${kind}/del-${kind}`, 404);
        if (kind !== 'contacts') await put(`/v1/${kind}/del-${kind}`, { accountId: 'D-2', ...fields }, 201);
      }
    });

    it('removes quarantined facts of the account', async () => {
      await put('/v1/tickets/del-held', { accountId: 'D-404', openedAt: daysAgo(1) }, 202);
      await remove('/v1/tickets/del-held', 204);
      await put('/v1/accounts/D-404', {}, 201);
      expect(await ownerOf('tickets', 'del-held')).toBeUndefined();
    });

    it('moves the time since which the account exists', async () => {
      await put('/v1/accounts/D-3', { effectiveAt: '2024-06-01T00:00:00Z' }, 201);
      await put(
        '/v1/invoices/del-old',
        { accountId: 'D-3', issuedAt: '2023-01-01', amount: 1, currency: 'USD', dueAt: '2023-02-01' },
        201,
      );
      expect(await existsFrom('D-3')).toBe('2023-01-01T00:00:00.000Z');
      await put('/v1/subscriptions/del-older', { accountId: 'D-3', startedAt: '2022-01-01' }, 201);
      expect(await existsFrom('D-3')).toBe('2022-01-01T00:00:00.000Z');
      await remove('/v1/subscriptions/del-older', 204);
      expect(await existsFrom('D-3')).toBe('2023-01-01T00:00:00.000Z');
      await remove('/v1/invoices/del-old', 204);
      expect(await existsFrom('D-3')).toBe('2024-06-01T00:00:00.000Z');
      const event = track({ group: 'D-3', timestamp: '2026-01-05T10:00:00Z' });
      await put('/v1/accounts/D-4', {}, 201);
      await put('/v1/events/del-e', { accountId: 'D-4', event: 'E', timestamp: event.timestamp }, 201);
      await counted(app);
      expect(await existsFrom('D-4')).toBe('2026-01-05T00:00:00.000Z');
      await remove('/v1/events/del-e?accountId=D-4', 204);
      expect((await existsFrom('D-4'))?.slice(0, 10)).toBe(new Date().toISOString().slice(0, 10));
    });

    it('of an event updates the counts', async () => {
      await put('/v1/accounts/D-5', {}, 201);
      const at = '2026-02-03T10:00:00Z';
      const event = { accountId: 'D-5', event: 'E', timestamp: at, userId: 'u' };
      await put('/v1/events/d5-1', { ...event, value: 2.5 }, 201);
      await put('/v1/events/d5-2', { ...event, userId: 'v' }, 201);
      await put('/v1/events/d5-3', { ...event, event: 'F' }, 201);
      const usage = () =>
        counted(app).then(() =>
          app.dataSource.query(
            `SELECT event, events, value FROM usage_day JOIN account USING (account_id) WHERE id = 'D-5' ORDER BY event`,
          ),
        );
      const users = async () =>
        Object.keys((await counted(app)).users).filter((key) => key.startsWith('D-5 '));
      expect(await usage()).toEqual([
        { event: 'E', events: 2, value: '2.5' },
        { event: 'F', events: 1, value: null },
      ]);
      await remove('/v1/events/d5-1?accountId=D-5', 204);
      expect(await usage()).toEqual([
        { event: 'E', events: 1, value: null },
        { event: 'F', events: 1, value: null },
      ]);
      expect(await users()).toEqual(['D-5 u', 'D-5 v']);
      await remove('/v1/events/d5-3?accountId=D-5', 204);
      expect(await usage()).toEqual([{ event: 'E', events: 1, value: null }]);
      expect(await users()).toEqual(['D-5 v']);
      await remove('/v1/events/d5-3?accountId=D-5', 404);
      await put('/v1/events/d5-3', { ...event, event: 'F' }, 201);
      expect(await users()).toEqual(['D-5 u', 'D-5 v']);
    });

    it('of an account removes all its data and makes its ids unknown again', async () => {
      await put('/v1/accounts/gone-1', { externalIds: ['gone:1'], name: 'gone-name' }, 201);
      await put('/v1/accounts/gone-2', { externalIds: ['gone:2'] }, 201);
      for (const [kind, { fields }] of Object.entries(RECORDS))
        await put(`/v1/${kind}/gone-${kind}`, { accountId: 'gone-2', ...fields }, 201);
      await batch(app, [track({ group: 'gone:1', userId: 'gone-u' }), track({ group: 'gone:2' })]);
      await merge('gone-2', 'gone-1');
      await batch(other, [track({ group: 'gone:2' })]);
      await remove('/v1/accounts/gone:2', 409);
      await remove('/v1/accounts/gone:1', 204);
      const traces = async () =>
        (await tracesOf(app.dataSource, ['gone-', 'gone:'])).filter(
          (place) => !place.startsWith('audit_entry'),
        );
      // Its scores go by themselves, within seconds.
      while ((await traces()).length > 0) await sleep(200);
      for (const [instance, ref] of [
        [app, 'gone-1'],
        [other, 'gone:2'],
      ] as const)
        expect((await batch(instance, [track({ group: ref })])).body).toMatchObject({ quarantined: 1 });
      await remove('/v1/accounts/gone-1', 404);
      await put('/v1/accounts/gone-1', {}, 201);
      expect(await total('gone-1')).toBe(1);
    });
  });

  describe('merging', () => {
    it('moves every fact, counts shared facts once and redirects the old ids', async () => {
      await put('/v1/accounts/M-1', { externalIds: ['m:1'], name: 'One', createdAt: '2020-01-01' }, 201);
      await put('/v1/accounts/M-2', { externalIds: ['m:2'], name: 'Two' }, 201);
      for (const [kind, { fields }] of Object.entries(RECORDS))
        await put(`/v1/${kind}/m-${kind}`, { accountId: 'M-1', ...fields }, 201);
      const both = { messageId: 'both', userId: 'u', timestamp: daysAgo(2), properties: { value: 4 } };
      await batch(app, [
        track({ ...both, group: 'M-1' }),
        track({ ...both, group: 'M-2' }),
        track({ group: 'm:1', userId: 'v', properties: { value: 1 }, timestamp: both.timestamp }),
        track({ group: 'm:2', event: 'Other', userId: 'u', timestamp: both.timestamp }),
      ]);
      await batch(other, [track({ group: 'm:1', event: 'Warm' })]);

      await merge('M-1', 'm:2');

      const day = both.timestamp.slice(0, 10);
      expect(await daysOf('M-1')).toEqual({});
      expect(await daysOf('M-2')).toEqual({
        [`${day} Opened`]: 2,
        [`${day} Other`]: 1,
        [`${daysAgo(3).slice(0, 10)} Warm`]: 1,
      });
      expect(
        await app.dataSource.query(
          `SELECT value FROM usage_day JOIN account USING (account_id) WHERE id = 'M-2' AND event = 'Opened'`,
        ),
      ).toEqual([{ value: '5' }]);
      expect(Object.entries((await counted(app)).users).filter(([key]) => key.startsWith('M-'))).toEqual([
        ['M-2 u', 1],
        ['M-2 v', 1],
      ]);
      for (const [kind, { table, fields }] of Object.entries(RECORDS)) {
        expect(await ownerOf(kind, `m-${kind}`)).toBe('M-2');
        expect(
          await app.dataSource.query(
            `SELECT a.id FROM ${table} t JOIN account a USING (account_id) WHERE t.id = $1`,
            [`m-${kind}`],
          ),
        ).toEqual([{ id: 'M-2' }]);
        await put(`/v1/${kind}/m-${kind}`, { accountId: 'm:1', ...fields }, 200);
      }
      expect(await existsFrom('M-2')).toBe('2020-01-01T00:00:00.000Z');
      await batch(other, [track({ group: 'm:1', event: 'After' }), track({ group: 'M-1', event: 'After' })]);
      expect(await daysOf('M-2')).toMatchObject({ [`${daysAgo(3).slice(0, 10)} After`]: 2 });
      const resent = await batch(other, [track({ ...both, group: 'M-1' }), track({ ...both, group: 'M-2' })]);
      expect(resent.body).toMatchObject({ duplicates: 2 });
      await put('/v1/accounts/M-1', { name: 'Renamed' }, 409, 'merged');
      const group = {
        type: 'group',
        groupId: 'M-1',
        userId: 'w',
        traits: { name: 'Renamed' },
        messageId: 'g',
      };
      const grouped = await api.call('POST', '/v1/batch', { batch: [{ ...group, timestamp: daysAgo(1) }] });
      expect(grouped.body).toMatchObject({ rejected: 1, errors: [{ code: 'merged' }] });
      expect((await batch(app, [track({ userId: 'w' })])).body).toMatchObject({ accepted: 1 });
      expect((await api.call('GET', '/v1/accounts/M-1')).body).toMatchObject({ id: 'M-2', name: 'Two' });
    });

    it('rejects an account that is the same or unknown', async () => {
      await merge('M-2', 'M-2', 409, 'same_account');
      await merge('M-1', 'M-2', 409, 'same_account');
      await merge('M-404', 'M-2', 404, 'not_found');
      await merge('M-2', 'M-404', 404, 'not_found');
    });

    it('can be repeated along a chain', async () => {
      for (const id of ['K-1', 'K-2', 'K-3']) {
        await put(`/v1/accounts/${id}`, {}, 201);
        await batch(app, [track({ group: id })]);
      }
      await merge('K-1', 'K-2');
      await merge('K-2', 'K-3');
      await batch(app, [track({ group: 'K-1' }), track({ group: 'K-2' })]);
      expect(await total('K-3')).toBe(5);
      await remove('/v1/accounts/K-1', 409);
      await remove('/v1/accounts/K-3', 204);
      expect(await app.dataSource.query(`SELECT id FROM account WHERE id LIKE 'K-%'`)).toEqual([]);
    });

    it('loses no facts that arrive concurrently', async () => {
      for (let i = 0; i < 6; i++) await put(`/v1/accounts/W-${i}`, {}, 201);
      const sending = Array.from({ length: 8 }, async (_, i) => {
        for (let n = 0; n < 20; n++) {
          const ref = `W-${(i + n) % 5}`;
          const instance = n % 2 ? app : other;
          await batch(instance, [track({ group: ref, event: 'W' }), track({ group: ref, event: 'W' })]);
          const id = `w-${i}-${n}`;
          await client(instance).call('PUT', `/v1/tickets/${id}`, { accountId: ref, openedAt: daysAgo(1) });
        }
      });
      const merging = (async () => {
        for (let i = 0; i < 5; i++) await merge(`W-${i}`, 'W-5');
      })();
      await Promise.all([...sending, merging]);
      expect(await total('W-5')).toBe(320);
      const [tickets] = await app.dataSource.query<{ n: number }[]>(
        `SELECT count(*)::int AS n FROM ticket JOIN account a USING (account_id) WHERE a.id = 'W-5'`,
      );
      expect(tickets?.n).toBe(160);
    });
  });
});
