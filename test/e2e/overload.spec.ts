import { setTimeout as sleep } from 'node:timers/promises';
import { DirectoryRepository } from '../../src/accounts/directory.repository.js';
import { startTestApp, type TestApp } from '../support/app.js';

describe('overload', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ databasePoolSize: 2 });
  });
  afterAll(() => app.stop());

  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(app.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('returns 200, 429 or 503 with Retry-After and stores exactly what it accepted', async () => {
    await post('/v1/group', { groupId: 'A-1', timestamp: new Date().toISOString() });
    const timestamp = new Date().toISOString();
    // Until this ends nothing is stored, however fast the machine.
    const blocking = app.dataSource.transaction(async (manager) => {
      await new DirectoryRepository().lockExclusive(manager);
      await sleep(1_000);
    });
    const answers = await Promise.all(
      Array.from({ length: 600 }, async (_, request) => {
        const batch = Array.from({ length: 20 }, (__, i) => ({
          type: 'track',
          event: 'Ran',
          messageId: `${request}-${i}`,
          timestamp,
          context: { groupId: 'A-1' },
        }));
        const response = await post('/v1/batch', { batch });
        const body = (await response.json()) as { accepted?: number };
        return {
          status: response.status,
          retryAfter: response.headers.get('retry-after'),
          accepted: body.accepted ?? 0,
        };
      }),
    );
    await blocking;
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(
      refused.every(({ status, retryAfter }) => [429, 503].includes(status) && Number(retryAfter) > 0),
    ).toBe(true);
    const accepted = answers.reduce((sum, answer) => sum + answer.accepted, 0);
    const [row]: { stored: number }[] = await app.dataSource.query(
      'SELECT count(*)::int AS stored FROM event',
    );
    expect(row?.stored).toBe(accepted);
  });
});
