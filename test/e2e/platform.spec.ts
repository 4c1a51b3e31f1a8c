import { gzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { startTestApp, type TestApp } from '../support/app.js';
import { QueryFailedError } from 'typeorm';
import { Caller, type CallerIdentity, Public, Scope } from '../../src/platform/auth/scopes.js';
import { BATCH, TakesBody } from '../../src/platform/http/body-rules.js';

@Controller()
class ProbeController {
  @Get('v1/closed')
  closed(): string {
    return 'nobody should see this';
  }

  @Get('v1/read/:id')
  @Scope('read')
  read(@Param('id') id: string): object {
    return { id };
  }

  @Get('v1/broken')
  @Scope('read')
  broken(): never {
    throw new Error('canary-secret for canary@example.com');
  }

  @Post('v1/batch')
  @Scope('ingest')
  @TakesBody({ anyContentType: true })
  batch(@Body() body: unknown): unknown {
    return { body };
  }

  @Get('v1/unstorable')
  @Scope('read')
  unstorable(): never {
    const fromPg = Object.assign(new Error('duplicate key (email)=(canary@example.com)'), {
      code: '23505',
      severity: 'ERROR',
      detail: 'canary-detail',
    });
    throw new QueryFailedError('insert canary-sql', ['canary-value'], fromPg);
  }

  @Post('v1/keyed')
  @Scope('ingest')
  @TakesBody({ ...BATCH, anyContentType: true, keyInBody: 'writeKey' })
  keyed(@Body() body: unknown, @Caller() caller: CallerIdentity): unknown {
    return { body, caller: caller.id };
  }

  @Get('open')
  @Public()
  open(): object {
    return { open: true };
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

interface Problem {
  code: string;
  status: number;
  detail: string;
  errors?: { code: string; pointer: string }[];
  scope?: string;
}

describe('the platform', () => {
  let lines = '';
  let sut: TestApp;

  beforeAll(async () => {
    const log = { write: (line: string) => (lines += line) } as unknown as NodeJS.WritableStream;
    sut = await startTestApp({}, { features: ProbeModule, log });
  });
  afterAll(() => sut.stop());

  const call = (path: string, init: RequestInit & { key?: string } = {}): Promise<Response> => {
    const { key = sut.key, headers, ...rest } = init;
    return fetch(sut.url + path, { ...rest, headers: { authorization: `Bearer ${key}`, ...headers } });
  };
  const post = (
    path: string,
    body: RequestInit['body'],
    headers: Record<string, string> = {},
    key?: string,
  ) => call(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers }, key });
  const problemOf = async (response: Response): Promise<Problem> => {
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = (await response.json()) as Problem;
    expect(problem).toMatchObject({
      type: `https://steward.dev/problems/${problem.code}`,
      status: response.status,
    });
    return problem;
  };
  const makeKey = async (fields: object): Promise<{ id: string; key: string }> => {
    const response = await post('/v1/api-keys', JSON.stringify({ name: 'probe', ...fields }));
    expect(response.status).toBe(201);
    return (await response.json()) as { id: string; key: string };
  };

  describe('authorization', () => {
    it('rejects a request without a key and explains how to send one', async () => {
      const response = await fetch(`${sut.url}/v1/api-keys`);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'key_missing' });
    });

    it.each([
      ['key_unknown', 'some-other-key'],
      ['key_malformed', 'stw_abcdefghijkl_tooshort'],
    ])('answers %s to the key %s', async (code, key) => {
      expect(await problemOf(await call('/v1/api-keys', { key }))).toMatchObject({ status: 401, code });
    });

    it('denies a route without a declared scope, even to an admin', async () => {
      expect(await problemOf(await call('/v1/closed'))).toMatchObject({ status: 403, code: 'route_closed' });
    });

    it('allows what the scopes of a key allow and names a missing scope', async () => {
      const { key } = await makeKey({ scopes: ['read'] });
      expect((await call('/v1/read/1', { key })).status).toBe(200);
      const refused = await problemOf(await call('/v1/api-keys', { key }));
      expect(refused).toMatchObject({ status: 403, code: 'scope_missing', scope: 'admin' });
    });

    it('accepts the key as the user name of Basic authentication, as Segment clients send it', async () => {
      const authorization = `Basic ${Buffer.from(`${sut.key}:`).toString('base64')}`;
      expect((await call('/v1/read/1', { headers: { authorization } })).status).toBe(200);
    });

    it('rejects a revoked key on another instance within a second', async () => {
      const url = (sut.dataSource.options as { url: string }).url;
      const other = await startTestApp({ databaseUrl: url }, { features: ProbeModule });
      try {
        const { id, key } = await makeKey({ scopes: ['read'] });
        const ask = () => fetch(`${other.url}/v1/read/1`, { headers: { authorization: `Bearer ${key}` } });
        expect((await ask()).status).toBe(200);
        expect((await call(`/v1/api-keys/${id}`, { method: 'DELETE' })).status).toBe(204);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        expect(await problemOf(await ask())).toMatchObject({ status: 401, code: 'key_revoked' });
        expect((await call('/v1/read/1', { key })).status).toBe(401);
      } finally {
        await other.stop();
      }
    });

    it('rejects an expired key', async () => {
      const { id, key } = await makeKey({
        scopes: ['read'],
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
      });
      await sut.dataSource.query(`update api_key set expires_at = now() where id = $1`, [id]);
      expect(await problemOf(await call('/v1/read/1', { key }))).toMatchObject({
        status: 401,
        code: 'key_expired',
      });
    });

    it('does not revoke the last admin key', async () => {
      expect(await problemOf(await call('/v1/api-keys/bootstrap', { method: 'DELETE' }))).toMatchObject({
        status: 409,
        code: 'last_admin_key',
      });
    });

    it('never shows or stores a key again, and records who created it', async () => {
      const { id, key } = await makeKey({ scopes: ['ingest'] });
      expect(await (await call('/v1/api-keys?limit=1000')).text()).not.toContain(key);
      const [row] = await sut.dataSource.query<object[]>('select * from api_key where id = $1', [id]);
      expect(JSON.stringify(row)).not.toContain(key.slice(-38));
      const audit = (await (await call(`/v1/audit?target=api-keys/${id}`)).json()) as { items: object[] };
      expect(audit.items).toMatchObject([
        { actor: 'bootstrap', action: 'api_key.created', target: `api-keys/${id}` },
      ]);
    });

    it('pages through the keys and rejects a cursor that was altered or belongs to another list', async () => {
      for (let i = 0; i < 3; i++) await makeKey({ scopes: ['read'] });
      const ids: string[] = [];
      let cursor: string | null = '';
      do {
        const page = (await (await call(`/v1/api-keys?limit=2${cursor && `&cursor=${cursor}`}`)).json()) as {
          items: { id: string }[];
          nextCursor: string | null;
        };
        ids.push(...page.items.map(({ id }) => id));
        if (page.nextCursor) {
          const elsewhere = await call(`/v1/audit?cursor=${page.nextCursor}`);
          expect(await problemOf(elsewhere)).toMatchObject({ status: 400, code: 'bad_cursor' });
        }
        cursor = page.nextCursor;
      } while (cursor);
      const [{ count } = { count: 0 }] = await sut.dataSource.query<{ count: number }[]>(
        'select count(*) from api_key',
      );
      expect(new Set(ids).size).toBe(count);
      expect(await problemOf(await call('/v1/api-keys?cursor=WyJhcGkta2V5cyIsIiJd'))).toMatchObject({
        code: 'bad_cursor',
      });
    });
  });

  describe('rejected requests', () => {
    const name = 'x';
    const cases: [string, number, string, () => Promise<Response>][] = [
      ['an unknown route', 404, 'not_found', () => call('/v1/nothing')],
      [
        'a method the route has not',
        405,
        'method_not_allowed',
        () => call('/v1/api-keys', { method: 'PUT' }),
      ],
      ['a path that is not percent-encoded', 400, 'malformed_url', () => call('/v1/read/%ff')],
      ['NUL in the path', 400, 'invalid_text', () => call('/v1/read/a%00b')],
      ['a POST without a body', 400, 'body_missing', () => post('/v1/api-keys', undefined)],
      ['broken JSON', 400, 'malformed_json', () => post('/v1/api-keys', '{"name": "a" x}')],
      [
        'bytes that are not UTF-8',
        400,
        'malformed_json',
        () => post('/v1/api-keys', Buffer.from([0x22, 0xff, 0x22])),
      ],
      ['a list for an object', 400, 'wrong_type', () => post('/v1/api-keys', '[]')],
      ['a number for an object', 400, 'wrong_type', () => post('/v1/api-keys', '5')],
      ['deep JSON', 400, 'too_deep', () => post('/v1/api-keys', '['.repeat(10_000) + ']'.repeat(10_000))],
      [
        'NUL in a text',
        400,
        'invalid_text',
        () => post('/v1/api-keys', '{"name": "\\u0000", "scopes": ["read"]}'),
      ],
      [
        'a lone surrogate',
        400,
        'invalid_text',
        () => post('/v1/api-keys', '{"name": "\\ud800", "scopes": ["read"]}'),
      ],
      [
        'another content type',
        415,
        'unsupported_media_type',
        () => post('/v1/api-keys', 'a=b', { 'content-type': 'text/plain' }),
      ],
      [
        'another charset',
        415,
        'unsupported_media_type',
        () => post('/v1/api-keys', '{}', { 'content-type': 'application/json; charset=latin1' }),
      ],
      [
        'an unknown encoding',
        415,
        'unsupported_encoding',
        () => post('/v1/api-keys', '{}', { 'content-encoding': 'x' }),
      ],
      [
        'what is not gzip',
        400,
        'malformed_encoding',
        () => post('/v1/api-keys', '{}', { 'content-encoding': 'gzip' }),
      ],
      ['more than 10 MB', 413, 'payload_too_large', () => post('/v1/api-keys', ' '.repeat(11_000_000))],
      [
        'a gzip bomb',
        413,
        'payload_too_large',
        () => post('/v1/batch', gzipSync(Buffer.alloc(200_000_000)), { 'content-encoding': 'gzip' }),
      ],
      [
        'an expiry that is a week',
        400,
        'validation_failed',
        () => post('/v1/api-keys', JSON.stringify({ name, scopes: ['read'], expiresAt: '2099-W01-1' })),
      ],
      [
        'an expiry in the past',
        400,
        'expiry_in_the_past',
        () =>
          post('/v1/api-keys', JSON.stringify({ name, scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' })),
      ],
    ];
    it.each(cases)('%s: %i %s', async (_, status, code, request) => {
      expect(await problemOf(await request())).toMatchObject({ status, code });
    });

    it('names every invalid field and its place', async () => {
      const body = JSON.stringify({ scopes: ['fly'], expiresAt: 5, colour: 'red' });
      const { errors } = await problemOf(await post('/v1/api-keys', body));
      expect(errors?.map(({ code, pointer }) => `${pointer} ${code}`).sort()).toEqual([
        '/colour unknown_field',
        '/expiresAt malformed',
        '/name missing',
        '/scopes not_allowed',
      ]);
    });

    it('answers invalid HTTP with a problem document too', async () => {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(Number(new URL(sut.url).port), '127.0.0.1', () =>
          socket.write('what?\r\n\r\n'),
        );
        let text = '';
        socket.on('data', (data) => (text += data.toString())).on('close', () => resolve(text));
      });
      expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"malformed_request"/);
    });

    it.each(['/v1/broken', '/v1/unstorable'])(
      'tells nothing of the fault behind %s, neither to the caller nor to the log, but its code and route',
      async (path) => {
        const response = await call(path, {
          headers: { 'x-request-id': `fault-of${path.slice(3)}`.replace('/', '-') },
        });
        const text = await response.text();
        expect(response.status).toBe(500);
        expect(text).not.toMatch(/canary|at .*\.ts/);
        expect(lines).not.toMatch(/canary@example.com|canary-detail|canary-sql|canary-value/);
        await new Promise((resolve) => setTimeout(resolve, 50));
        const told = lines
          .split('\n')
          .filter((line) => line.includes(`fault-of-${path.slice(4)}`))
          .map((line) => JSON.parse(line) as { msg: string });
        const place = { code: 'internal_error', route: path, status: 500, method: 'GET' };
        expect(told).toMatchObject([
          { msg: 'request failed', ...place },
          { msg: 'request', ...place },
        ]);
      },
    );
  });

  describe('a key in the body', () => {
    const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      fetch(`${sut.url}/v1/keyed`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain', ...headers },
      });
    const withKey = (more: string) =>
      `{"batch":[{"writeKey":"other"}],"writeKey":${JSON.stringify(sut.key)}${more}}`;

    it.each([
      ['plain', (text: string) => Buffer.from(text)],
      ['gzipped', (text: string) => gzipSync(text)],
    ])('is read from the top level of a body that is %s', async (name, pack) => {
      const headers = name === 'plain' ? {} : { 'content-encoding': 'gzip' };
      const response = await send(Uint8Array.from(pack(withKey(''))), headers as Record<string, string>);
      expect(await response.json()).toMatchObject({ caller: 'bootstrap', body: { batch: [{}] } });
    });

    it.each([
      ['that is unknown', '{"writeKey":"wrong"}', 401, 'key_unknown'],
      ['that is not a text', '{"writeKey":["test-admin-key"]}', 401, 'key_missing'],
      ['deeper inside', '{"batch":[{"writeKey":"test-admin-key"}]}', 401, 'key_missing'],
      ['that is none', '{"a":{},"b":"writeKey"}', 401, 'key_missing'],
      ['in what is no JSON', 'writeKey test-admin-key', 401, 'key_missing'],
      ['in what is hardly JSON', '{"writeKey":"test-admin-key"', 400, 'malformed_json'],
    ])('is not read %s', async (_, body, status, code) => {
      expect(await problemOf(await send(body))).toMatchObject({ status, code });
    });

    it('yields to a key in the header', async () => {
      const response = await send(withKey(''), { authorization: 'Bearer wrong' });
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'key_unknown' });
    });

    it('is not searched for in a body over 1 MB as sent', async () => {
      const response = await send(withKey(`,"x":"${'x'.repeat(1_100_000)}"`));
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'key_missing' });
    });

    it('is not searched for on routes that do not allow it', async () => {
      const response = await fetch(`${sut.url}/v1/batch`, { method: 'POST', body: withKey('') });
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'key_missing' });
    });
  });

  describe('accepted requests', () => {
    it.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])(
      'JSON as %s on the Segment routes, gzipped',
      async (type) => {
        const response = await post('/v1/batch', gzipSync('{"batch": [1]}'), {
          'content-type': type,
          'content-encoding': 'gzip',
        });
        expect(await response.json()).toEqual({ body: { batch: [1] } });
      },
    );

    it('accepts a byte order mark', async () => {
      expect((await post('/v1/batch', '\ufeff{}')).status).toBe(201);
    });
  });

  describe('system', () => {
    it('answers livez, readyz, metrics, docs and the document without a key', async () => {
      const get = (path: string) => fetch(sut.url + path);
      expect((await get('/livez')).status).toBe(200);
      expect((await get('/readyz')).status).toBe(200);
      expect(await (await get('/metrics')).text()).toContain('http_request_duration_seconds_bucket');
      expect(await (await get('/docs')).text()).toContain('swagger-ui');
      expect(await (await get('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
      expect((await get('/open')).status).toBe(200);
    });

    it('propagates the request id and logs no key, address, query or header', async () => {
      const response = await call('/v1/read/ann@example.com?token=canary-query', {
        headers: { 'x-request-id': 'trace-1' },
      });
      expect(response.headers.get('x-request-id')).toBe('trace-1');
      await new Promise((resolve) => setTimeout(resolve, 50));
      const line = lines.split('\n').find((one) => one.includes('trace-1'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({
        method: 'GET',
        route: '/v1/read/:id',
        // The route takes no query.
        status: 400,
        caller: 'bootstrap',
      });
      for (const secret of ['ann@example.com', 'canary-query', sut.key]) expect(lines).not.toContain(secret);
    });
  });
});
