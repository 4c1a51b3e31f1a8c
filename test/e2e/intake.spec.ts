import { startTestApp, type TestApp } from '../support/app.js';

describe('taking in', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(app.url + path, {
      method,
      headers: { authorization: `Bearer ${app.key}`, 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? null : JSON.parse(text)) as Record<string, unknown>,
    };
  }

  it('creates an account, takes in what had waited for it and counts a repeated event once', async () => {
    const track = {
      type: 'track',
      messageId: 'm-1',
      userId: 'u-1',
      event: 'Report Created',
      timestamp: new Date().toISOString(),
      context: { groupId: 'A-1' },
    };
    expect(await call('POST', '/v1/batch', { batch: [track] })).toMatchObject({
      status: 200,
      body: { received: 1, quarantined: 1 },
    });
    expect(await call('PUT', '/v1/accounts/A-1', { name: 'Acme' })).toMatchObject({
      status: 201,
      body: { status: 'created' },
    });
    expect(await call('GET', '/v1/quarantine')).toMatchObject({ body: { items: [] } });
    expect(await call('POST', '/v1/batch', { batch: [track, track] })).toMatchObject({
      body: { accepted: 0, duplicates: 2 },
    });
    expect(await call('PUT', '/v1/accounts/A-1', { name: 'Acme' })).toMatchObject({
      status: 200,
      body: { status: 'unchanged' },
    });
  });
});
