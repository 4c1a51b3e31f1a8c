import { startTestApp, type TestApp } from '../support/app.js';

describe('intake', () => {
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

  it('creates an account, stores its quarantined facts and counts a repeated event once', async () => {
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

  it('stores a page name with control characters, without losing its neighbors or blocking quarantine', async () => {
    const timestamp = new Date().toISOString();
    const page = { type: 'page', name: 'Re\u001eport\u001f', userId: 'p', timestamp };
    const track = { type: 'track', event: 'Ran', userId: 'p', timestamp };
    const known = { groupId: 'A-1' };
    const later = { groupId: 'A-2' };
    const batch = [
      { ...track, messageId: 'c-1', context: known },
      { ...page, messageId: 'c-2', context: known, properties: { product: 'x\u001ey' } },
      { ...page, messageId: 'c-3', context: later },
      { ...track, messageId: 'c-4', context: later },
    ];
    expect(await call('POST', '/v1/batch', { batch })).toMatchObject({
      status: 200,
      body: { accepted: 2, quarantined: 2 },
    });
    expect(await call('PUT', '/v1/accounts/A-2', {})).toMatchObject({ status: 201 });
    expect(await call('GET', '/v1/quarantine')).toMatchObject({ body: { items: [] } });
    expect(await call('POST', '/v1/batch', { batch })).toMatchObject({ body: { duplicates: 4 } });
  });

  it('rejects only the quarantined row that the database cannot store', async () => {
    const event = {
      type: 'track',
      event: 'Ran',
      userId: 'q',
      timestamp: new Date().toISOString(),
      context: { groupId: 'A-3' },
    };
    await call('POST', '/v1/batch', {
      batch: [
        { ...event, messageId: 'q-1' },
        { ...event, messageId: 'q-2' },
      ],
    });
    await app.dataSource.query(
      `UPDATE quarantine SET payload = payload - 'event' WHERE seq = (SELECT min(seq) FROM quarantine WHERE ref = 'A-3')`,
    );
    expect(await call('PUT', '/v1/accounts/A-3', {})).toMatchObject({ status: 201 });
    const { body } = await call('GET', '/v1/quarantine?ref=A-3');
    expect(body).toMatchObject({ items: [{ problem: { code: 'malformed' } }] });
  });
});
