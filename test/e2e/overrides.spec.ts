import { TouchedAccounts } from '../../src/accounts/touched-accounts.repository.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, type Client, client, clientWithScope } from '../support/client.js';
import { daysUpTo, Facts } from '../support/facts.js';
import { expectProblem } from '../support/problem.js';

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
const ahead = (ms: number): string => new Date(Date.now() + ms).toISOString();
const override = (fields: object = {}): object => ({
  score: 12.5,
  reason: 'Maria Musterfrau says they look elsewhere',
  expiresAt: ahead(30 * DAY_MS),
  ...fields,
});

describe('health overrides', () => {
  let app: TestApp;
  let sut: Client;
  let accountId: number;

  beforeAll(async () => {
    app = await startTestApp();
    sut = client(app);
    const facts = new Facts(app.dataSource);
    accountId = await facts.account({ id: 'well', tier: 'smb' });
    await facts.subscription(accountId);
    await facts.usage(accountId, daysUpTo(new Date().toISOString().slice(0, 10), 60));
    await app.dataSource.query(`INSERT INTO account_ref VALUES ('crm:7', $1, 'external')`, [accountId]);
    await sut.call('POST', '/v1/score-runs', {});
    await within(async () => expect((await health()).score).toBeGreaterThan(50));
  });
  afterAll(() => app.stop());

  const put = (body: object, id = 'well'): Promise<Answer> =>
    sut.call('PUT', `/v1/accounts/${id}/health-override`, body);
  const end = (id = 'well'): Promise<Answer> => sut.call('DELETE', `/v1/accounts/${id}/health-override`);
  const list = async (id = 'well'): Promise<Record<string, unknown>[]> =>
    (await sut.call('GET', `/v1/accounts/${id}/health-overrides`)).body['items'] as Record<string, unknown>[];
  const health = async (): Promise<{ score: number; band: string; adjustments: { kind: string }[] }> =>
    (await sut.call('GET', '/v1/accounts/well/score')).body['health'] as Awaited<ReturnType<typeof health>>;
  const within = async (check: () => Promise<void>): Promise<void> => {
    for (const until = Date.now() + 60 * SECOND_MS; ;) {
      try {
        await check();
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  };
  const kinds = async (): Promise<string[]> => (await health()).adjustments.map(({ kind }) => kind);

  it('replaces the score within seconds, until removed', async () => {
    const { score: before } = await health();
    const put1 = await put(override(), 'crm:7');
    expect(put1).toMatchObject({
      status: 200,
      body: { score: 12.5, madeBy: expect.any(String), madeAt: expect.any(String), endedAt: null },
    });
    await within(async () => {
      expect(await health()).toMatchObject({ score: 12.5, band: 'red' });
    });
    expect(await kinds()).toContain('override');
    expect((await end()).status).toBe(204);
    await within(async () => expect((await health()).score).toBe(before));
    expect(await kinds()).not.toContain('override');
  });

  it('ends when it expires', async () => {
    const { score: before } = await health();
    await put(override({ score: 1 }));
    await within(async () => expect((await health()).score).toBe(1));
    await app.dataSource.query('UPDATE score_override SET expires_at = now() WHERE ended_at IS NULL');
    await within(async () => expect((await health()).score).toBe(before));
  });

  it('keeps the history with authors and times, with one in force at a time', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, score) => put(override({ score }))));
    const items = await list('crm:7');
    expect(items.filter(({ endedAt }) => endedAt === null)).toHaveLength(1);
    expect(items[0]).toMatchObject({ endedAt: null, reason: expect.stringContaining('elsewhere') });
    expect(items.at(-1)).toMatchObject({ score: 12.5 });
    const ids = items.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
  });

  it('audits each change, without the reason', async () => {
    await end();
    expect((await end()).status).toBe(204);
    const { body, text } = await sut.call('GET', '/v1/audit?target=accounts/well/health-override');
    const actions = (body['items'] as { action: string }[]).map(({ action }) => action);
    expect(actions[0]).toBe('health_override.ended');
    expect(actions[1]).toBe('health_override.put');
    expect(text).not.toContain('Maria');
  });

  it.each<[object, string, string]>([
    [{ score: 101 }, 'validation_failed', '/score'],
    [{ score: '50' }, 'validation_failed', '/score'],
    [{ score: undefined }, 'validation_failed', '/score'],
    [{ reason: undefined }, 'validation_failed', '/reason'],
    [{ reason: ' ' }, 'validation_failed', '/reason'],
    [{ reason: 'x'.repeat(1_001) }, 'validation_failed', '/reason'],
    [{ expiresAt: undefined }, 'validation_failed', '/expiresAt'],
    [{ expiresAt: null }, 'validation_failed', '/expiresAt'],
    [{ expiresAt: 'soon' }, 'validation_failed', '/expiresAt'],
    [{ expiresAt: ahead(-SECOND_MS) }, 'expiry_in_the_past', '/expiresAt'],
    [{ expiresAt: ahead(370 * DAY_MS) }, 'out_of_range', '/expiresAt'],
    [{ by: 'me' }, 'validation_failed', '/by'],
  ])('rejects %j', async (fields, code, pointer) => {
    const before = await list();
    expectProblem(await put(override(fields)), 400, code, pointer);
    expect(await list()).toEqual(before);
  });

  it('returns 404 for an unknown account', async () => {
    expectProblem(await put(override(), 'nobody'), 404, 'not_found');
    expectProblem(await end('nobody'), 404, 'not_found');
    expectProblem(await sut.call('GET', '/v1/accounts/nobody/health-overrides'), 404, 'not_found');
  });

  it('requires the scope act, which write includes', async () => {
    const reader = await clientWithScope(app, 'read');
    const path = '/v1/accounts/well/health-override';
    expect((await reader.call('PUT', path, override())).status).toBe(403);
    expect((await reader.call('DELETE', path)).status).toBe(403);
    expect((await reader.call('GET', `${path}s`)).status).toBe(200);
    for (const scope of ['act', 'write']) {
      const sender = await clientWithScope(app, scope);
      expect((await sender.call('PUT', path, override())).status).toBe(200);
      expect((await sender.call('DELETE', path)).status).toBe(204);
    }
  });

  it('is visible to a score run that starts concurrently', async () => {
    const sut = new TouchedAccounts();
    await app.dataSource.query('INSERT INTO touched_account VALUES ($1, now()) ON CONFLICT DO NOTHING', [
      accountId,
    ]);
    const making = app.dataSource.createQueryRunner();
    await making.startTransaction();
    await sut.mark(making.manager, [accountId]);
    let begun = false;
    const scoring = sut.unmark(app.dataSource.manager, [accountId]).then(() => (begun = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(begun).toBe(false);
    await making.commitTransaction();
    await making.release();
    await scoring;
  });
});
