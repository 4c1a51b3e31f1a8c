import { ReleaseService } from '../../src/intake/quarantine/release.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import { batch, counted, daysAgo, track } from '../support/intake.js';

interface Item {
  kind: string;
  id: string;
  waitsFor: string;
  ref: string;
  problem: { code: string } | null;
}

describe('quarantine', () => {
  let app: TestApp;
  let api: Client;

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
  });
  afterAll(() => app.stop());

  async function put(path: string, body: object, status: number): Promise<void> {
    const answer = await api.call('PUT', path, body);
    expect([path, answer.status]).toEqual([path, status]);
  }
  async function held(ref: string): Promise<Item[]> {
    return (await api.call('GET', `/v1/quarantine?ref=${ref}`)).body['items'] as Item[];
  }
  const rows = (sql: string): Promise<unknown[]> => app.dataSource.query(sql);
  const patch = (kind: string, lines: object[]) => api.call('POST', `/v1/imports/${kind}`, lines);

  it('stores a resent fact once', async () => {
    const event = track({ group: 'Q-1', userId: 'u' });
    const ticket = { accountId: 'Q-1', openedAt: daysAgo(5) };
    for (let time = 0; time < 3; time++) {
      expect((await batch(app, [event, event])).body).toMatchObject({ quarantined: 2 });
      await put('/v1/tickets/q-1', ticket, 202);
    }
    expect((await held('Q-1')).map((item) => item.kind).sort()).toEqual(['events', 'tickets']);
    await put('/v1/accounts/Q-1', {}, 201);
    expect(await held('Q-1')).toEqual([]);
    expect((await counted(app)).days).toEqual({ [`Q-1 ${daysAgo(3).slice(0, 10)} Opened`]: 1 });
    await put('/v1/tickets/q-1', ticket, 200);
    expect(await rows(`SELECT record_id FROM statement WHERE record_id = 'q-1'`)).toHaveLength(1);
  });

  it('keeps the order of undated statements of one record', async () => {
    const start = { startedAt: '2025-01-01', accountId: 'Q-2' };
    await patch('subscriptions', [
      { id: 'q-2', ...start, mrr: 1, plan: 'a' },
      { id: 'q-2', ...start, mrr: 2 },
    ]);
    await patch('subscriptions', [
      { id: 'q-2', ...start, mrr: 3 },
      { id: 'q-2', ...start, mrr: 2 },
    ]);
    await put('/v1/accounts/Q-2', {}, 201);
    expect(
      await rows(`SELECT mrr, plan FROM subscription WHERE id = 'q-2' AND valid_to = 'infinity'`),
    ).toEqual([{ mrr: 2, plan: 'a' }]);
  });

  it('distinguishes a PUT from a patch with the same content', async () => {
    const fields = { accountId: 'Q-3', startedAt: '2025-01-01', mrr: 2 };
    await patch('subscriptions', [
      { id: 'q-3', ...fields },
      { id: 'q-3', ...fields, plan: 'a' },
    ]);
    await put('/v1/subscriptions/q-3', fields, 202);
    await put('/v1/accounts/Q-3', {}, 201);
    expect(
      await rows(`SELECT mrr, plan FROM subscription WHERE id = 'q-3' AND valid_to = 'infinity'`),
    ).toEqual([{ mrr: 2, plan: null }]);
  });

  it('releases a contact, then its user, then the events of the user', async () => {
    await put('/v1/contacts/q-c', { accountId: 'Q-4', userIds: ['q-u'] }, 202);
    await batch(app, [track({ userId: 'q-u', event: 'Chained' })]);
    expect(await held('q-u')).toMatchObject([{ kind: 'events', waitsFor: 'user' }]);
    await put('/v1/accounts/Q-4', {}, 201);
    expect(await held('q-u')).toEqual([]);
    expect(Object.keys((await counted(app)).days).filter((key) => key.endsWith('Chained'))).toHaveLength(1);
  });

  it('releases more facts than fit into one chunk', async () => {
    await batch(
      app,
      Array.from({ length: 1_200 }, () => track({ group: 'Q-5', event: 'Many' })),
    );
    const tickets = Array.from({ length: 1_200 }, (_, i) => ({
      id: `q5-${i}`,
      accountId: 'Q-5',
      openedAt: daysAgo(5),
    }));
    expect((await patch('tickets', tickets)).body).toMatchObject({ quarantined: 1_200 });
    await put('/v1/accounts/Q-5', {}, 201);
    expect(await held('Q-5')).toEqual([]);
    expect((await counted(app)).days[`Q-5 ${daysAgo(3).slice(0, 10)} Many`]).toBe(1_200);
    expect(await rows(`SELECT id FROM record_ref WHERE id LIKE 'q5-%'`)).toHaveLength(1_200);
  });

  it('is emptied by the sweep when fact and account arrived concurrently', async () => {
    await put('/v1/accounts/Q-seen', {}, 201);
    const crossing = app.dataSource.createQueryRunner();
    await crossing.startTransaction();
    await crossing.query(
      `WITH made AS (INSERT INTO account (id) VALUES ('Q-6') RETURNING account_id)
       INSERT INTO account_ref SELECT 'Q-6', account_id, 'id' FROM made`,
    );
    await put('/v1/tickets/q-6', { accountId: 'Q-6', openedAt: daysAgo(5) }, 202);
    await batch(app, [track({ group: 'Q-6' })]);
    await crossing.commitTransaction();
    await crossing.release();
    expect(await held('Q-6')).toHaveLength(2);

    await app.app.get(ReleaseService, { strict: false }).sweep();

    expect(await held('Q-6')).toEqual([]);
    expect(Object.keys((await counted(app)).days)).toContain(`Q-6 ${daysAgo(3).slice(0, 10)} Opened`);
    expect(await rows(`SELECT id FROM ticket WHERE id = 'q-6'`)).toHaveLength(1);
  });

  it('shows a fact rejected on release, with the reason, until it is corrected', async () => {
    await put('/v1/accounts/Q-8', {}, 201);
    await put('/v1/tickets/q-7', { accountId: 'Q-7', openedAt: daysAgo(5) }, 202);
    await patch('tickets', [{ id: 'q-7b', accountId: 'Q-7', priority: 'high' }]);
    await put('/v1/tickets/q-7', { accountId: 'Q-8', openedAt: daysAgo(5) }, 201);
    await put('/v1/accounts/Q-7', {}, 201);
    expect((await held('Q-7')).map(({ id, problem }) => [id, problem?.code])).toEqual([
      ['q-7', 'belongs_to_another_account'],
      ['q-7b', 'missing'],
    ]);
    await app.app.get(ReleaseService, { strict: false }).sweep();
    expect(await held('Q-7')).toHaveLength(2);
    await put('/v1/tickets/q-7b', { accountId: 'Q-7', openedAt: daysAgo(5) }, 201);
    expect((await held('Q-7')).map(({ id }) => id)).toEqual(['q-7']);
    await put('/v1/tickets/q-7', { accountId: 'Q-8', openedAt: daysAgo(5) }, 200);
    expect(await held('Q-7')).toEqual([]);
  });

  it('stores the fact directly when it is resent after its account', async () => {
    const event = track({ group: 'Q-9', event: 'Again' });
    await batch(app, [event]);
    await Promise.all([
      put('/v1/accounts/Q-9', {}, 201),
      ...Array.from({ length: 4 }, () => batch(app, [event])),
    ]);
    await batch(app, [event]);
    await app.app.get(ReleaseService, { strict: false }).sweep();
    expect(await held('Q-9')).toEqual([]);
    expect((await counted(app)).days[`Q-9 ${daysAgo(3).slice(0, 10)} Again`]).toBe(1);
  });

  it('pages through the quarantined facts', async () => {
    await batch(
      app,
      Array.from({ length: 5 }, () => track({ group: 'Q-10' })),
    );
    const seen: string[] = [];
    let cursor: unknown = '';
    do {
      const query = cursor === '' ? '' : `&cursor=${String(cursor)}`;
      const { body } = await api.call('GET', `/v1/quarantine?ref=Q-10&limit=2${query}`);
      seen.push(...(body['items'] as Item[]).map((item) => item.id));
      cursor = body['nextCursor'];
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(5);
  });
});
