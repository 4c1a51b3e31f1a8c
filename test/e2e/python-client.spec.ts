import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, clientWithScope } from '../support/client.js';
import { counted, daysAgo } from '../support/intake.js';

interface Attempt {
  status: number;
  body?: Record<string, unknown>;
  code?: string;
  message?: string;
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? describe : describe.skip)("the protocol of Segment's Python client (needs python3)", () => {
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startTestApp();
    key = (await clientWithScope(app, 'ingest')).key;
    await client(app).call('PUT', '/v1/accounts/py', {});
  });
  afterAll(() => app.stop());

  async function send(batch: readonly object[], options: object = {}): Promise<Attempt[]> {
    const child = spawn('python3', ['test/support/python-client.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify({ url: app.url, key, batch, ...options }));
    const [attempts] = await Promise.all([json(child.stdout), once(child, 'exit')]);
    return attempts as Attempt[];
  }

  const call = (messageId: string, over: object = {}) => ({
    type: 'track',
    messageId,
    event: 'Opened',
    userId: 'u-py',
    properties: {},
    integrations: {},
    // As the client writes it.
    timestamp: daysAgo(1).replace('Z', '+00:00'),
    context: { groupId: 'py', library: { name: 'analytics-python', version: '2.3.4' } },
    ...over,
  });

  it.each([
    ['the key in the body', {}],
    ['the key in the body, gzipped', { gzip: true }],
    ['Basic authentication, as older ones have it', { basic: true }],
  ])('is accepted with %s', async (name, options) => {
    const batch = [call(name)];
    expect(await send(batch, options)).toMatchObject([{ status: 200, body: { accepted: 1 } }]);
    expect(await send(batch, options)).toMatchObject([{ status: 200, body: { duplicates: 1 } }]);
  });

  it('gets 200 with the errors, where others get 207, so that it does not resend', async () => {
    const before = (await counted(app)).days;
    const calls = [call('py-1'), call('py-2', { timestamp: '1970-01-01T00:00:00+00:00' })];
    expect(await send(calls)).toMatchObject([
      {
        status: 200,
        body: { accepted: 1, rejected: 1, errors: [{ index: 1, messageId: 'py-2', code: 'too_old' }] },
      },
    ]);
    const name = Object.keys(before)[0] ?? '';
    expect((await counted(app)).days[name]).toBe((before[name] ?? 0) + 1);
    expect((await client(app).call('POST', '/v1/batch', { batch: [{}] })).status).toBe(207);
  });

  it('reads the code and message of an error', async () => {
    expect(await send([], { key: 'wrong' })).toEqual([
      { status: 401, code: 'key_unknown', message: 'The API key is unknown' },
    ]);
  });
});
