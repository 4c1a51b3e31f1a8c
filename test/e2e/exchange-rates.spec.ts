import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';

describe('the list of exchange rates', () => {
  let app: TestApp;
  let api: Client;

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
  });
  afterAll(() => app.stop());

  const rate = (day: string, base: string, quote = 'USD') => ({ base, quote, day, rate: 1.25 });
  /** In the order of the list. */
  const stored = [
    rate('2025-01-03', 'EUR'),
    rate('2025-01-02', 'CHF'),
    rate('2025-01-02', 'EUR', 'CHF'),
    rate('2025-01-02', 'EUR', 'USD'),
    rate('2025-01-02', 'JPY'),
    rate('2025-01-01', 'EUR'),
    rate('2025-01-01', 'GBP'),
  ];

  async function pages(limit: number): Promise<unknown[][]> {
    const found: unknown[][] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const at = typeof cursor === 'string' && cursor !== '' ? `&cursor=${cursor}` : '';
      const { status, body } = await api.call('GET', `/v1/exchange-rates?limit=${limit}${at}`);
      expect(status).toBe(200);
      found.push(body['items'] as unknown[]);
      cursor = body['nextCursor'];
    }
    return found;
  }

  it('pages through every rate once, newest first', async () => {
    await api.call('PUT', '/v1/exchange-rates', { rates: [...stored].reverse() });
    for (const limit of [1, 2, 3, 7, 100]) {
      const found = await pages(limit);
      expect(found).toHaveLength(Math.ceil(stored.length / limit));
      expect(found.flat()).toEqual(stored);
    }
  });

  it('is not truncated at 10,000 rates', async () => {
    await app.dataSource.query(
      `INSERT INTO exchange_rate (base, quote, day, rate)
       SELECT base, 'USD', date '2000-01-01' + n, 2 FROM unnest(ARRAY['EUR', 'GBP']) AS base, generate_series(1, 5100) AS n`,
    );
    expect((await pages(1_000)).flat()).toHaveLength(10_200 + stored.length);
  });

  it('rejects a cursor of another list', async () => {
    await api.call('POST', '/v1/api-keys', { name: 'one', scopes: ['read'] });
    await api.call('POST', '/v1/api-keys', { name: 'two', scopes: ['read'] });
    const { body } = await api.call('GET', '/v1/audit?limit=1');
    const answer = await api.call('GET', `/v1/exchange-rates?cursor=${String(body['nextCursor'])}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_cursor' } });
  });
});
