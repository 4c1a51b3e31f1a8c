import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startTestApp, type TestApp } from '../support/app.js';
import { client } from '../support/client.js';
import { track } from '../support/intake.js';

const ROUNDS = 25;

describe('a database that breaks connections in the middle of transactions', () => {
  let app: TestApp;
  let logged = '';

  beforeAll(async () => {
    const log = new Writable({
      write: (chunk: Buffer, _, done) => {
        logged += chunk.toString();
        done();
      },
    });
    app = await startTestApp({}, { log });
    const api = client(app);
    await api.call('PUT', '/v1/accounts/A-0', {});
  });
  afterAll(() => app.stop());

  it('returns 503 with Retry-After, never 500, and recovers', async () => {
    const url = (app.dataSource.options as { url: string }).url;
    const killer = new pg.Client({ connectionString: url, application_name: 'killer' });
    await killer.connect();
    const api = client(app);
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const requests: ((n: number) => Promise<{ status: number; headers: Headers; body: object }>)[] = [
      (n) => api.call('PUT', `/v1/accounts/A-${n}`, { name: `n${n}`, externalIds: [`x:${n}`] }),
      (n) => api.call('PUT', `/v1/contacts/C-${n}`, { accountId: 'A-0', userIds: [`u-${n}`] }),
      (n) => api.call('POST', '/v1/batch', { batch: [track({ userId: `u-${n}`, group: 'A-0' })] }),
      (n) =>
        api.call('PUT', '/v1/accounts/A-0/health-override', { score: n % 100, reason: 'test', expiresAt }),
      (n) => api.call('POST', '/v1/api-keys', { name: `k${n}`, scopes: ['read'] }),
      (n) => api.call('DELETE', `/v1/tickets/T-${n}`),
      (n) => api.call('PUT', `/v1/csms/c-${n}`, { name: 'x' }),
      () => api.call('GET', '/v1/accounts/A-0'),
    ];
    const answers: string[] = [];
    let breaking = true;
    const breaker = (async () => {
      while (breaking) {
        await killer.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5`,
        );
        await sleep(15);
      }
    })();
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(
        requests.map(async (request, index) => {
          const { status, headers, body } = await request(round * 10 + 1);
          if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
          if (status >= 500 && status !== 503) answers.push(`${index}: ${status} ${JSON.stringify(body)}`);
          else answers.push(String(status));
        }),
      );
    }
    breaking = false;
    await breaker;
    await killer.end();
    const internal = logged.split('\n').filter((line) => line.includes('internal_error'));
    expect([...new Set(answers.filter((answer) => answer.includes(':'))), ...internal.slice(0, 3)]).toEqual(
      [],
    );
    expect(answers.filter((answer) => answer === '503').length).toBeGreaterThan(0);
    while ((await api.call('GET', '/readyz')).status !== 200) await sleep(100);
    expect((await api.call('PUT', '/v1/accounts/A-9999', {})).status).toBe(201);
  });
});
