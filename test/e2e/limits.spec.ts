import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BodyTimes } from '../../src/platform/http/body-times.js';
import { BODY_LIMITS, IMPORT_LIMITS } from '../../src/platform/http/admission.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client, clientWithScope } from '../support/client.js';
import { expectProblem } from '../support/problem.js';

const wrongKey = (i: number): string => `wrong-key-${i}`;

function expectRefusal(answer: Answer, code: string): void {
  expectProblem(answer, 429, code);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

async function answerTo(sending: ClientRequest): Promise<Answer> {
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += String(piece);
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(response.headers as Record<string, string>),
    text,
    body: JSON.parse(text) as Record<string, unknown>,
  };
}

describe('guessed keys', () => {
  let direct: TestApp;
  let proxied: TestApp;
  beforeAll(async () => {
    direct = await startTestApp({ failedKeysPerMinute: 20 });
    proxied = await startTestApp({ failedKeysPerMinute: 20, trustProxy: ['127.0.0.1'] });
  });
  afterAll(() => Promise.all([direct.stop(), proxied.stop()]));

  const ask = (app: TestApp, key: string, from?: string): Promise<Answer> =>
    client({ url: app.url, key }).call(
      'GET',
      '/v1/api-keys',
      undefined,
      from ? { 'x-forwarded-for': from } : {},
    );

  async function guess(app: TestApp, count: number, from?: string): Promise<Record<number, number>> {
    const counted: Record<number, number> = {};
    for (let i = 0; i < count; i++) {
      const { status } = await ask(app, wrongKey(i), from);
      counted[status] = (counted[status] ?? 0) + 1;
    }
    return counted;
  }

  it('are rejected after 20, while valid keys still work, even on first use', async () => {
    const fresh = await clientWithScope(direct, 'admin');
    const counted = await guess(direct, 100);
    // A slow machine earns some back meanwhile.
    expect(counted[401]).toBeGreaterThanOrEqual(20);
    expect(counted[429]).toBeGreaterThan(40);
    expectRefusal(await ask(direct, wrongKey(1)), 'rate_limited');
    expect((await ask(direct, direct.key)).status).toBe(200);
    await sleep(600);
    expect((await ask(direct, fresh.key)).status).toBe(200);
    expectRefusal(await ask(direct, 'stw_mistyped'), 'rate_limited');
  });

  it('are hardly looked up in the database any more', async () => {
    await guess(direct, 30);
    const started = Date.now();
    const { failures, lookUps } = await lookUpsOf(direct, 60);
    expect(failures).toBe(60);
    // Five at once and two a second.
    expect(lookUps).toBeLessThanOrEqual(8 + (3 * (Date.now() - started)) / 1_000);
  });

  it('do not count against another address behind a trusted proxy', async () => {
    expect((await guess(proxied, 60, '198.51.100.7'))[429]).toBeGreaterThan(10);
    expect((await guess(proxied, 3, '198.51.100.8'))[401]).toBe(3);
    expect((await guess(proxied, 60, '2001:db8:1:2::1'))[429]).toBeGreaterThan(10);
    expect((await guess(proxied, 1, '2001:db8:1:2:ffff::2'))[429]).toBe(1);
    expect((await guess(proxied, 1, '2001:db8:1:3::1'))[401]).toBe(1);
  });

  it('count against the sender regardless of the claimed address without a trusted proxy', async () => {
    await guess(direct, 40);
    expectRefusal(await ask(direct, wrongKey(1), '198.51.100.9'), 'rate_limited');
  });

  async function lookUpsOf(app: TestApp, count: number) {
    const looked: unknown[] = [];
    const query = app.dataSource.query.bind(app.dataSource);
    app.dataSource.query = ((sql: string, ...rest: unknown[]) => {
      if (sql.includes('from api_key where id = $1')) looked.push(sql);
      return (query as (...args: unknown[]) => unknown)(sql, ...rest);
    }) as typeof app.dataSource.query;
    const counted = await guess(app, count);
    app.dataSource.query = query;
    return { failures: Object.values(counted).reduce((sum, one) => sum + one, 0), lookUps: looked.length };
  }
});

describe('requests of one key', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ requestsPerMinute: 60 });
  });
  afterAll(() => app.stop());

  it('are limited to the rate of the key, without affecting other keys', async () => {
    const other = await clientWithScope(app, 'read');
    const own = client(app);
    const answers: Answer[] = [];
    for (let i = 0; i < 100 && answers.at(-1)?.status !== 429; i++) {
      answers.push(await own.call('GET', '/v1/api-keys'));
    }
    const last = answers.at(-1);
    if (last) expectRefusal(last, 'rate_limited');
    expect((await other.call('GET', '/v1/accounts')).status).toBe(200);
  });
});

describe('imports', () => {
  let app: TestApp;
  let second: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    second = await startTestApp({ databaseUrl: (app.dataSource.options as { url: string }).url });
  });
  afterAll(async () => {
    await second.stop();
    await app.stop();
  });

  function start(
    key: string,
    path = '/v1/imports/accounts',
  ): { sending: ClientRequest; answer: Promise<Answer> } {
    const sending = httpRequest(app.url + path, {
      method: 'POST',
      agent: false,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    });
    const answer = answerTo(sending);
    sending.on('error', () => undefined);
    answer.catch(() => undefined);
    return { sending, answer };
  }

  it.each(['this instance', 'another instance'])(
    'end when their key is revoked in %s, with what came before',
    async (where) => {
      const created = (await client(app).call('POST', '/v1/api-keys', { name: 'import', scopes: ['ingest'] }))
        .body as {
        id: string;
        key: string;
      };
      const { sending, answer } = start(created.key);
      let sent = 0;
      const prefix = where.split(' ')[0] ?? '';
      const lines = setInterval(() => sending.write(`{"id":"${prefix}-${sent++}"}\n`), 10);
      await sleep(500);
      const revoked = await client(where === 'this instance' ? app : second).call(
        'DELETE',
        `/v1/api-keys/${created.id}`,
      );
      expect(revoked.status).toBe(204);
      const { status, body } = await answer;
      clearInterval(lines);
      sending.destroy();
      expect(status).toBe(207);
      expect(body).toMatchObject({ complete: false, brokeOff: { code: 'key_revoked' } });
      expect(body['received']).toBeLessThanOrEqual(sent);
      const [stored] = await app.dataSource.query<{ count: number }[]>(
        'SELECT count(*)::int AS count FROM account WHERE id LIKE $1',
        [`${prefix}-%`],
      );
      expect(stored?.count).toBe(body['created']);
      expect(body['created']).toBeGreaterThan(0);
    },
  );

  it('are limited to the share of one key; other keys still get in, and the first again when one ends', async () => {
    const ingest = await clientWithScope(app, 'ingest');
    const other = await clientWithScope(app, 'ingest');
    const running = Array.from({ length: IMPORT_LIMITS.requests * IMPORT_LIMITS.share }, () =>
      start(ingest.key),
    );
    for (const { sending } of running) sending.write('{"id":"S-1"}\n');
    const underWay = async (): Promise<number> => {
      const { body } = await ingest.call('GET', '/v1/imports');
      return (body['items'] as { finishedAt: string | null }[]).filter((one) => one.finishedAt === null)
        .length;
    };
    while ((await underWay()) < running.length) await sleep(50);
    const ndjson = { 'content-type': 'application/x-ndjson' };
    const again = (): Promise<Answer> =>
      ingest.call('POST', '/v1/imports/accounts', '{"id":"S-2"}\n', ndjson);
    expectRefusal(await again(), 'concurrency_limit');
    expect((await other.call('POST', '/v1/imports/accounts', '{"id":"S-3"}\n', ndjson)).status).toBe(200);
    running[0]?.sending.end();
    await running[0]?.answer;
    // The slot is free once the connection is closed, a moment after the answer.
    while ((await again()).status !== 200) await sleep(50);
    for (const { sending } of running) sending.end();
    for (const { answer } of running) expect((await answer).status).toBe(200);
  });
});

describe('senders whose key is not known yet', () => {
  const LONG_MS = 3_600_000;
  let app: TestApp;
  const open: Socket[] = [];
  beforeAll(async () => {
    app = await startTestApp();
    Object.assign(app.app.get(BodyTimes), { pauseMs: LONG_MS, unknownSenderMs: LONG_MS });
  });
  afterAll(async () => {
    for (const socket of open) socket.destroy();
    await app.stop();
  });

  /** Begins a body that may contain a key, and sends no more of it. */
  const begin = (localAddress: string): void => {
    const socket = connect({ port: Number(new URL(app.url).port), host: '127.0.0.1', localAddress });
    open.push(socket);
    socket.on('error', () => undefined).resume();
    socket.write('POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{');
  };
  const event = (messageId: string): object => ({
    type: 'track',
    event: 'Ran',
    messageId,
    timestamp: new Date().toISOString(),
    context: { groupId: 'A-1' },
  });
  const sendKeyInBody = (localAddress: string): Promise<Answer> => {
    const sending = httpRequest(`${app.url}/v1/batch`, { method: 'POST', agent: false, localAddress });
    const answer = answerTo(sending);
    sending.end(JSON.stringify({ writeKey: app.key, batch: [event('in-body')] }));
    return answer;
  };

  it('cannot block senders with a key in the header', async () => {
    expect((await sendKeyInBody('127.0.0.3')).status).toBe(200);
    // As many as all requests together may be.
    for (let i = 0; i < BODY_LIMITS.requests; i++) begin(i % 2 === 0 ? '127.0.0.1' : '127.0.0.2');
    let late = await sendKeyInBody('127.0.0.3');
    while (late.status === 200) late = await sendKeyInBody('127.0.0.3');
    expectRefusal(late, 'overloaded');
    const api = client(app);
    expect((await api.call('PUT', '/v1/accounts/A-1', { name: 'Acme' })).status).toBe(201);
    expect((await api.call('POST', '/v1/batch', { batch: [event('in-header')] })).status).toBe(200);
    for (const socket of open) socket.destroy();
    while ((await sendKeyInBody('127.0.0.3')).status !== 200) await sleep(50);
  });
});

describe('slow senders', () => {
  let app: TestApp;
  const open: Socket[] = [];
  beforeAll(async () => {
    app = await startTestApp();
    Object.assign(app.app.get(BodyTimes), { pauseMs: 500, importPauseMs: 1_000, unknownSenderMs: 1_000 });
    app.app.getHttpServer().headersTimeout = 1_000;
  });
  afterAll(async () => {
    for (const socket of open) socket.destroy();
    await app.stop();
  });

  /** Sends `start`, then a byte now and then until the service closes; what it said. */
  async function drip(start: string, byte: string): Promise<string> {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    open.push(socket);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString())).on('error', () => undefined);
    if (start !== '') socket.write(start);
    const timer = setInterval(() => byte !== '' && socket.write(byte), 50);
    await once(socket, 'close');
    clearInterval(timer);
    return answer;
  }
  const headers = (path: string, length: string): string =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer test-admin-key\r\ncontent-type: application/json\r\n${length}\r\n`;

  it('get 408 and are disconnected when sending a body byte by byte', async () => {
    const answer = await drip(headers('/v1/batch', 'content-length: 100000\r\n') + '{', ' ');
    expect(answer).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"sender_too_slow"/);
  });

  it('have less time for a body without a key in the header, however fast they are', async () => {
    const start = 'POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n{';
    const answer = await drip(start, ' '.repeat(2_000));
    expect(answer).toMatch(/^HTTP\/1.1 408 [\s\S]* within 1 s[\s\S]*"code":"sender_too_slow"/);
  });

  it('are disconnected and free their slot when sending an import byte by byte', async () => {
    const path = '/v1/imports/accounts';
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        drip(headers(path, 'content-length: 100000\r\n') + '[{"id":"D-1"},', ' '),
      ),
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 207 [\s\S]*"code":"sender_too_slow"/);
    expect((await client(app).call('POST', path, '[{"id":"D-2"}]')).status).toBe(200);
  });

  it('are disconnected when sending headers byte by byte, or nothing', async () => {
    const answers = await Promise.all([drip('GET /livez HTTP/1.1\r\nx: ', 'x'), drip('', '')]);
    expect(answers[0]).toMatch(/^HTTP\/1.1 408 /);
  });
});
