import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestApp, type TestApp } from '../support/app.js';

const LARGE = new Uint8Array(8_000_000).fill(0x20);

describe('bodies rejected before they are read', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  /** What a client is told that never stops sending a byte now and then, and how long it was let. */
  async function trickle(path: string, headers: Record<string, string>) {
    const port = Number(new URL(app.url).port);
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    const started = Date.now();
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    const fields = Object.entries({ host: 'x', 'content-length': '100000000', ...headers });
    socket.write(`POST ${path} HTTP/1.1\r\n${fields.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n{`);
    const timer = setInterval(() => socket.write(' '), 200);
    await Promise.race([once(socket, 'close'), sleep(15_000, undefined, { ref: false })]);
    clearInterval(timer);
    const closedAfterMs = socket.destroyed ? Date.now() - started : Infinity;
    socket.destroy();
    return { answer, closedAfterMs };
  }

  it.each([
    ['without a key', '/v1/batch', {}, 401],
    ['without a key, to an import', '/v1/imports/events', {}, 401],
    ['that is too large', '/v1/batch', { authorization: 'Bearer test-admin-key' }, 413],
    ['of a kind that is none', '/v1/imports/people', { authorization: 'Bearer test-admin-key' }, 404],
    [
      'of another type',
      '/v1/api-keys',
      { authorization: 'Bearer test-admin-key', 'content-length': '1000', 'content-type': 'text/plain' },
      415,
    ],
    ['to no route of ours', '/nowhere', { 'content-encoding': 'gzip' }, 404],
    ['to no route below /v1', '/v1/nowhere', {}, 404],
    ['to a route that has no such method', '/livez', {}, 405],
    ['to a route that takes none', '/v1/models/churn/trainings', {}, 401],
  ])('free the connection of a sender %s', async (_name, path, headers, status) => {
    const { answer, closedAfterMs } = await trickle(path, headers);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(closedAfterMs).toBeLessThan(8_000);
  });

  it.each([
    ['401', '/v1/batch', {}, LARGE],
    ['413', '/v1/batch', { authorization: 'Bearer test-admin-key' }, new Uint8Array(30_000_000)],
    ['415', '/v1/api-keys', { authorization: 'Bearer test-admin-key', 'content-type': 'text/plain' }, LARGE],
  ])('deliver a %s to a client that is still sending', async (status, path, headers, body) => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        fetch(app.url + path, { method: 'POST', headers: headers as Record<string, string>, body }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => Number(status)));
    for (const answer of answers) expect(await answer.json()).toMatchObject({ status: Number(status) });
  });

  it('deliver the 401 to a client that reads only after sending everything', async () => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    let answer = '';
    socket.pause();
    socket.write(`POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-length: ${LARGE.length}\r\n\r\n`);
    await sleep(300);
    await new Promise((resolve) => socket.write(LARGE, resolve));
    socket.on('data', (data) => (answer += data.toString())).resume();
    await once(socket, 'end');
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });

  it('keep the connection open when the whole body has arrived', async () => {
    const answer = await fetch(`${app.url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-admin-key' },
      body: '{}',
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('connection')).toBe('keep-alive');
  });
});
