import { gzipSync } from 'node:zlib';
import { client } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/app.js';

const MB = 1024 * 1024;
const MAX_BLOCK_MS = 200;
const gzip = { 'content-encoding': 'gzip' };
const padded = (text: string, item: string, end: string, bytes = 10 * MB - 1_000): Buffer =>
  gzipSync(text + item.repeat(Math.floor((bytes - text.length - end.length) / item.length)) + end);

const ZEROS = padded('[', '0,', '0]');
const DEEP = gzipSync('['.repeat(5 * MB));
const BRACES = padded('[', '{},', '{}]');
const LONG_TEXT = padded('{"name":"', 'x', '"}');
const event = (properties: string): string =>
  `{"type":"track","event":"E","userId":"u","context":{"groupId":"A-1"},"timestamp":"${new Date().toISOString()}","properties":${properties}}`;
const manyKeys = (count: number): string =>
  `{${Array.from({ length: count }, (_, i) => `"key${i * 7919}":${i}`).join(',')}}`;
const batch = (events: string[]): Buffer => gzipSync(`{"batch":[${events.join(',')}]}`);

describe('expensive bodies', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await client(app).call('PUT', '/v1/accounts/A-1', { name: 'Acme' });
  });
  afterAll(() => app.stop());

  /**
   * The answer, and the most CPU that the process took between two turns of the event loop: unlike time, that does not grow
   * with what else the machine does. Meanwhile the service must go on answering. The least of some tries, since a collection of garbage
   * may fall into one.
   */
  async function send(...request: Parameters<typeof sendOnce>) {
    let best = await sendOnce(...request);
    for (let i = 0; i < 3 && best.longestBlockMs >= MAX_BLOCK_MS; i++) {
      const { longestBlockMs } = await sendOnce(...request);
      best = { ...best, longestBlockMs: Math.min(best.longestBlockMs, longestBlockMs) };
    }
    return best;
  }

  async function sendOnce(
    method: string,
    path: string,
    body: Buffer,
    key: string | null,
    type = 'application/json',
  ) {
    const watched = watch();
    const alive: number[] = [];
    const ask = async (): Promise<void> => {
      alive.push(
        await fetch(`${app.url}/livez`).then(
          ({ status }) => status,
          () => 0,
        ),
      );
    };
    const livez = setInterval(() => void ask(), 20);
    const response = await fetch(app.url + path, {
      method,
      headers: {
        'content-type': type,
        ...gzip,
        ...(key && { authorization: `Bearer ${key}` }),
      },
      body: Uint8Array.from(body),
    });
    const text = await response.text();
    clearInterval(livez);
    expect(alive.every((status) => status === 200)).toBe(true);
    return { status: response.status, text, longestBlockMs: watched() };
  }

  const unknown: [string, string, string][] = [
    ['an unknown route', 'POST', '/nowhere'],
    ['an unknown route below /v1', 'POST', '/v1/nowhere'],
    ['a route that has no such method', 'POST', '/livez'],
    ['a route that asks for a key', 'PUT', '/v1/accounts/A-1'],
    ['a batch', 'POST', '/v1/batch'],
    ['an import', 'POST', '/v1/imports/events'],
  ];
  it.each(unknown)('are not read without a key, sent to %s', async (_, method, path) => {
    const { status, longestBlockMs } = await send(method, path, ZEROS, null);
    expect([401, 404, 405]).toContain(status);
    expect(longestBlockMs).toBeLessThan(MAX_BLOCK_MS);
  });

  const withKey: [string, string, string, Buffer, number][] = [
    ['zeros as an account', 'PUT', '/v1/accounts/A-1', ZEROS, 413],
    ['zeros as an account of 1 MB', 'PUT', '/v1/accounts/A-1', padded('[', '0,', '0]', MB), 413],
    ['a deep account', 'PUT', '/v1/accounts/A-1', DEEP, 413],
    ['a long text', 'PUT', '/v1/accounts/A-1', LONG_TEXT, 413],
    ['an account of many fields', 'PUT', '/v1/accounts/A-1', gzipSync(manyKeys(9_999)), 400],
    ['an account of too many fields', 'PUT', '/v1/accounts/A-1', gzipSync(manyKeys(40_000)), 413],
    ['an account of many traits', 'PUT', '/v1/accounts/A-1', gzipSync(`{"traits":${manyKeys(9_999)}}`), 400],
    ['a call of many properties', 'POST', '/v1/track', gzipSync(event(manyKeys(9_999))), 200],
    ['zeros as a batch', 'POST', '/v1/batch', ZEROS, 413],
    ['a batch of zeros', 'POST', '/v1/batch', padded('{"batch":[', '0,', '0]}'), 413],
    ['a batch of one event of zeros', 'POST', '/v1/batch', padded('{"batch":[[', '0,', '0]]}'), 413],
    ['a batch of braces', 'POST', '/v1/batch', BRACES, 413],
    ['a deep batch', 'POST', '/v1/batch', DEEP, 413],
    [
      'a batch with a large context',
      'POST',
      '/v1/batch',
      gzipSync(`{"batch":[],"context":${manyKeys(400_000)}}`),
      413,
    ],
    ['a batch of one long text', 'POST', '/v1/batch', LONG_TEXT, 413],
    [
      'the largest batch',
      'POST',
      '/v1/batch',
      batch(Array.from({ length: 2_000 }, (_, i) => event(`{"n":${i},"text":"${'text '.repeat(990)}"}`))),
      200,
    ],
    [
      'a batch of as many values as there may be',
      'POST',
      '/v1/batch',
      batch(Array.from({ length: 2_000 }, (_, i) => event(`{"n":${i},"list":[${'0,'.repeat(480)}0]}`))),
      200,
    ],
    [
      'a batch of events with many properties',
      'POST',
      '/v1/batch',
      batch(Array.from({ length: 15 }, () => event(manyKeys(20_000)))),
      200,
    ],
  ];
  it.each(withKey)('do not block other requests: %s', async (_, method, path, body, expected) => {
    const { status, text, longestBlockMs } = await send(method, path, body, app.key);
    expect({ status, text: text.slice(0, 300) }).toMatchObject({ status: expected });
    expect(text.length).toBeLessThan(100_000);
    expect(longestBlockMs).toBeLessThan(MAX_BLOCK_MS);
  });

  const imports: [string, string, string, string][] = [
    ['zeros', 'application/json', '[', '0,'],
    ['lines of zeros', 'application/x-ndjson', '', `[${'0,'.repeat(450_000)}0]\n`],
    ['rows of many cells', 'text/csv', 'id,name\n', `${','.repeat(900_000)}\n`],
  ];
  it.each(imports)('do not block other requests during an import: %s', async (_, type, start, item) => {
    const body = padded(start, item, '');
    const { status, longestBlockMs } = await send('POST', '/v1/imports/accounts', body, app.key, type);
    expect([200, 207, 400]).toContain(status);
    expect(longestBlockMs).toBeLessThan(MAX_BLOCK_MS);
  });

  it('get an error that names the place over the limit', async () => {
    const body = gzipSync(`{"name":"Acme","traits":{"a":[1,{"b":[${'0,'.repeat(40_000)}0]}]}}`);
    const { status, text } = await send('PUT', '/v1/accounts/A-1', body, app.key);
    expect(status).toBe(413);
    expect(JSON.parse(text)).toMatchObject({ code: 'too_many', pointer: '/traits/a/1/b' });
  });

  it('cost a batch only its oversized events', async () => {
    const events = [
      event('{}'),
      event(`{"text":"${'x'.repeat(2 * MB)}"}`),
      event(`[${'0,'.repeat(60_000)}0]`),
      event('{"a":1}'),
    ];
    const { status, text } = await send('POST', '/v1/batch', batch(events), app.key);
    expect(status).toBe(207);
    expect(JSON.parse(text)).toMatchObject({
      accepted: 2,
      rejected: 2,
      errors: [
        { index: 1, code: 'too_large' },
        { index: 2, code: 'too_complex' },
      ],
    });
  });
});

function watch(): () => number {
  let longest = 0;
  let running = true;
  let last = process.cpuUsage();
  const turn = (): void => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    longest = Math.max(longest, (user + system) / 1_000);
    if (running) setImmediate(turn);
  };
  turn();
  return () => {
    running = false;
    return longest;
  };
}
