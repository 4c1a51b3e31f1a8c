import { SourceWatchService } from '../../src/portfolio/sources/source-watch.service.js';
import { dayOf } from '../../src/platform/days.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client, clientWithScope } from '../support/client.js';
import { Facts, plusDays } from '../support/facts.js';

interface Source {
  kind: string;
  lastAt: string | null;
  usualGapDays: number | null;
  silent: boolean;
  silentSince: string | null;
  lookedAt: string;
}

describe('GET /v1/portfolio/sources', () => {
  let app: TestApp;
  let api: Client;
  let account: number;
  let facts: Facts;
  const today = dayOf(new Date());
  const usage = async (): Promise<Source | undefined> =>
    ((await api.call('GET', '/v1/portfolio/sources')).body['items'] as Source[])[0];
  const told = () =>
    app.dataSource.query<{ topic: string; account_id: null; payload: Record<string, unknown> }[]>(
      `SELECT topic, account_id, payload FROM outbox WHERE topic LIKE 'source.%' ORDER BY outbox_id`,
    );
  const letTimePass = () => app.dataSource.query('UPDATE source_state SET look_again_at = now()');

  beforeEach(async () => {
    app = await startTestApp();
    api = client(app);
    facts = new Facts(app.dataSource);
    account = await facts.account();
    const days = [12, 11, 10, 9, 8].map((back) => plusDays(today, -back));
    await facts.usage(account, days);
  });
  afterEach(() => app.stop());

  it('shows every kind with its pace and marks silent ones', async () => {
    const { body } = await api.call('GET', '/v1/portfolio/sources');
    const items = body['items'] as Source[];
    expect(body['nextCursor']).toBeNull();
    expect(items.map(({ kind }) => kind).slice(0, 3)).toEqual(['usage', 'tickets', 'subscriptions']);
    expect(items[0]).toEqual({
      kind: 'usage',
      lastAt: plusDays(today, -8),
      usualGapDays: 1,
      silent: true,
      silentSince: expect.any(String),
      lookedAt: expect.any(String),
    });
    expect(items[1]).toMatchObject({ lastAt: null, usualGapDays: null, silent: false, silentSince: null });
  });

  it('emits one event when a source falls silent and one when it recovers', async () => {
    const since = (await usage())?.silentSince;
    await letTimePass();
    expect((await usage())?.silentSince).toBe(since);
    expect(await told()).toEqual([
      {
        topic: 'source.silent',
        account_id: null,
        payload: { kind: 'usage', lastAt: plusDays(today, -8), usualGapDays: 1 },
      },
    ]);

    await facts.usage(account, [today]);
    expect(await usage()).toMatchObject({ silent: true });
    await letTimePass();
    expect(await usage()).toMatchObject({ silent: false, silentSince: null, lastAt: today });
    await letTimePass();
    await usage();
    expect((await told()).map(({ topic }) => topic)).toEqual(['source.silent', 'source.back']);
    expect((await told())[1]?.payload).toMatchObject({ kind: 'usage', lastAt: today });
  });

  it('emits it once when several instances check concurrently', async () => {
    const other = await startTestApp({
      databaseUrl: (app.dataSource.options as { url?: string }).url ?? null,
    });
    const looks = Array.from({ length: 20 }, (_, i) =>
      (i % 2 ? app : other).app.get(SourceWatchService, { strict: false }).check(),
    );
    await Promise.all(looks);
    await other.stop();
    expect((await told()).map(({ topic }) => topic)).toEqual(['source.silent']);
  });

  it('stores no state when the event cannot be written', async () => {
    await app.dataSource.query('ALTER TABLE outbox RENAME TO away');
    const sut = app.app.get(SourceWatchService, { strict: false });
    await expect(sut.check()).rejects.toThrow('outbox');
    await app.dataSource.query('ALTER TABLE away RENAME TO outbox');
    await sut.check();
    expect(await told()).toHaveLength(1);
  });

  it('requires the scope read', async () => {
    const call = async (scope: string) =>
      (await (await clientWithScope(app, scope)).call('GET', '/v1/portfolio/sources')).status;
    expect([await call('read'), await call('ingest'), await call('write')]).toEqual([200, 403, 403]);
  });
});
