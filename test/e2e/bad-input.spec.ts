import { brotliCompressSync, gzipSync } from 'node:zlib';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client, type Sendable } from '../support/client.js';
import { expectProblem } from '../support/problem.js';

const CANARY = 'canary@example.com';
const JSON_TYPE = { 'content-type': 'application/json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const CSV = { 'content-type': 'text/csv' };
const GZIP = { 'content-encoding': 'gzip' };
const MB = 1024 * 1024;

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const deepObjects = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
const track = (more: object = {}) => ({
  userId: 'u',
  event: 'E',
  timestamp: '2026-01-01T00:00:00Z',
  ...more,
});
const SUBSCRIPTION = { accountId: 'A-1', startedAt: '2025-01-01' };
/** 100 MB of zeros in some 100 KB, and once more in under 1 KB. */
const bomb = gzipSync(Buffer.alloc(100 * MB));
const TOO_MANY = Array.from({ length: 2_001 }, () => track());

/** What is wrong, the request, and the answer: status, code and, where there is a place, its pointer. */
type Row = [string, string, string, Sendable | undefined, Record<string, string>, number, string, string?];

describe('bad input', () => {
  let app: TestApp;
  let call: (
    method: string,
    path: string,
    body?: Sendable,
    headers?: Record<string, string>,
  ) => Promise<Answer>;

  beforeAll(async () => {
    app = await startTestApp();
    ({ call } = client(app));
    await call('PUT', '/v1/accounts/A-1', { name: 'Acme' });
  });
  afterAll(() => app.stop());

  const anyBody: Row[] = [
    'PUT /v1/accounts/A-2',
    'POST /v1/track',
    'POST /v1/batch',
    'PUT /v1/events/m-1',
    'PUT /v1/exchange-rates',
  ].flatMap((route): Row[] => {
    const [method = '', path = ''] = route.split(' ');
    const rows: Row[] = [
      ['no body', method, path, undefined, {}, 400, 'body_missing'],
      ['an empty body', method, path, '', JSON_TYPE, 400, 'body_missing'],
      ['half a JSON', method, path, `{"name":"${CANARY}`, JSON_TYPE, 400, 'malformed_json'],
      ['no JSON', method, path, CANARY, JSON_TYPE, 400, 'malformed_json'],
      ['null', method, path, 'null', JSON_TYPE, 400, 'wrong_type', ''],
      ['a text', method, path, `"${CANARY}"`, JSON_TYPE, 400, 'wrong_type', ''],
      ['a number', method, path, '17', JSON_TYPE, 400, 'wrong_type', ''],
      ['a list', method, path, '[]', JSON_TYPE, 400, 'wrong_type', ''],
      [
        'invalid UTF-8',
        method,
        path,
        Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
        JSON_TYPE,
        400,
        'malformed_json',
      ],
      ['UTF-16', method, path, Buffer.from('{"name":"x"}', 'utf16le'), JSON_TYPE, 400, 'malformed_json'],
      [
        'a body that is too large',
        method,
        path,
        JSON.stringify({ name: 'x'.repeat(path === '/v1/batch' ? 10 * MB : MB) }),
        JSON_TYPE,
        413,
        'payload_too_large',
      ],
      ['a gzip bomb', method, path, bomb, { ...JSON_TYPE, ...GZIP }, 413, 'payload_too_large'],
      [
        'a brotli bomb',
        method,
        path,
        brotliCompressSync(Buffer.alloc(20 * MB)),
        { 'content-encoding': 'br' },
        413,
        'payload_too_large',
      ],
      ['no gzip', method, path, '{}', { ...JSON_TYPE, ...GZIP }, 400, 'malformed_encoding'],
      [
        'half a gzip',
        method,
        path,
        gzipSync('{"name":"some text"}').subarray(0, 20),
        GZIP,
        400,
        'malformed_encoding',
      ],
      [
        'an unknown encoding',
        method,
        path,
        '{}',
        { 'content-encoding': 'snappy' },
        415,
        'unsupported_encoding',
      ],
      [
        '50,000 levels of lists',
        method,
        path,
        deep(50_000),
        JSON_TYPE,
        400,
        method === 'PUT' ? 'too_deep' : 'wrong_type',
      ],
    ];
    return rows;
  });

  const documents: Row[] = [
    [
      'a form',
      'PUT',
      '/v1/accounts/A-2',
      'name=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      'PUT',
      '/v1/accounts/A-2',
      '{}',
      { 'content-type': 'application/json; charset=latin1' },
      415,
      'unsupported_media_type',
    ],
    ['a wrong type', 'PUT', '/v1/accounts/A-2', { name: 17 }, {}, 400, 'wrong_type', '/name'],
    ['an unknown field', 'PUT', '/v1/accounts/A-2', { nmae: CANARY }, {}, 400, 'unknown_field', '/nmae'],
    [
      '__proto__',
      'PUT',
      '/v1/accounts/A-2',
      '{"__proto__":{"internal":true}}',
      JSON_TYPE,
      400,
      'unknown_field',
      '/__proto__',
    ],
    [
      '__proto__ in traits',
      'PUT',
      '/v1/accounts/A-2',
      '{"traits":{"__proto__":1}}',
      JSON_TYPE,
      400,
      'not_allowed',
      '/traits',
    ],
    [
      'constructor',
      'PUT',
      '/v1/accounts/A-2',
      '{"constructor":{}}',
      JSON_TYPE,
      400,
      'unknown_field',
      '/constructor',
    ],
    [
      'NUL',
      'PUT',
      '/v1/accounts/A-2',
      String.raw`{"name":"a\u0000b"}`,
      JSON_TYPE,
      400,
      'invalid_text',
      '/name',
    ],
    [
      'a lone surrogate',
      'PUT',
      '/v1/accounts/A-2',
      String.raw`{"traits":{"x":"\ud800"}}`,
      JSON_TYPE,
      400,
      'invalid_text',
      '/traits/x',
    ],
    [
      'a lone surrogate as key',
      'PUT',
      '/v1/accounts/A-2',
      String.raw`{"traits":{"\udc00":1}}`,
      JSON_TYPE,
      400,
      'invalid_text',
      '/traits',
    ],
    [
      'objects 5,000 deep',
      'PUT',
      '/v1/accounts/A-2',
      `{"traits":${deepObjects(5_000)}}`,
      JSON_TYPE,
      400,
      'too_deep',
    ],
    ['another id than the path', 'PUT', '/v1/accounts/A-2', { id: 'A-3' }, {}, 400, 'id_differs', '/id'],
    [
      'a missing field',
      'PUT',
      '/v1/subscriptions/S-1',
      { accountId: 'A-1' },
      {},
      400,
      'missing',
      '/startedAt',
    ],
    [
      'null for a required one',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, accountId: null },
      {},
      400,
      'missing',
      '/accountId',
    ],
    [
      '1e999',
      'PUT',
      '/v1/subscriptions/S-1',
      '{"accountId":"A-1","startedAt":"2025-01-01","mrr":1e999}',
      JSON_TYPE,
      400,
      'wrong_type',
      '/mrr',
    ],
    [
      'a fraction of a cent',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, mrr: 1.5 },
      {},
      400,
      'wrong_type',
      '/mrr',
    ],
    [
      '2^53',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, mrr: 2 ** 53 },
      {},
      400,
      'out_of_range',
      '/mrr',
    ],
    [
      'a negative MRR',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, mrr: -1 },
      {},
      400,
      'out_of_range',
      '/mrr',
    ],
    [
      'a day that is none',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, endedAt: '2025-02-30' },
      {},
      400,
      'malformed',
      '/endedAt',
    ],
    [
      '24:00',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, endedAt: '2025-02-28T24:00:00Z' },
      {},
      400,
      'malformed',
      '/endedAt',
    ],
    [
      'year 10000',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, endedAt: '10000-01-01' },
      {},
      400,
      'malformed',
      '/endedAt',
    ],
    [
      'year 1899',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, endedAt: '1899-12-31' },
      {},
      400,
      'malformed',
      '/endedAt',
    ],
    [
      'a time without offset',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, endedAt: '2025-02-28T10:00:00' },
      {},
      400,
      'malformed',
      '/endedAt',
    ],
    [
      'an unknown currency',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, currency: 'XYZ' },
      {},
      400,
      'not_allowed',
      '/currency',
    ],
    [
      'an id of 10,000 characters',
      'PUT',
      `/v1/accounts/${'x'.repeat(10_000)}`,
      {},
      {},
      400,
      'too_long',
      '/id',
    ],
    [
      'an account id of 10,000 characters',
      'PUT',
      '/v1/subscriptions/S-1',
      { ...SUBSCRIPTION, accountId: 'x'.repeat(10_000) },
      {},
      400,
      'too_long',
      '/accountId',
    ],
    ['%00 in an id', 'PUT', '/v1/accounts/a%00b', {}, {}, 400, 'invalid_text'],
    ['%ff in an id', 'PUT', '/v1/accounts/a%ff', {}, {}, 400, 'malformed_url'],
    ['half an escape in an id', 'PUT', '/v1/accounts/a%4', {}, {}, 400, 'malformed_url'],
    ['a surrogate in an id', 'PUT', '/v1/accounts/%ED%A0%80', {}, {}, 400, 'malformed_url'],
    ['a control character in an id', 'PUT', '/v1/accounts/a%07', {}, {}, 400, 'malformed', '/id'],
    ['a blank id', 'PUT', '/v1/accounts/%20', {}, {}, 400, 'malformed', '/id'],
    ['a long id to delete', 'DELETE', `/v1/tickets/${'x'.repeat(10_000)}`, undefined, {}, 404, 'not_found'],
    ['a kind that is none', 'PUT', '/v1/ticket/T-1', {}, {}, 404, 'not_found'],
    [
      'an event without its account',
      'PUT',
      '/v1/events/m-1',
      { event: 'E', timestamp: '2026-01-01' },
      {},
      400,
      'missing',
      '/accountId',
    ],
    [
      'an event of tomorrow',
      'PUT',
      '/v1/events/m-1',
      { accountId: 'A-1', event: 'E', timestamp: '9999-12-31' },
      {},
      400,
      'in_future',
      '/timestamp',
    ],
    [
      'an event of old',
      'PUT',
      '/v1/events/m-1',
      { accountId: 'A-1', event: 'E', timestamp: '1900-01-01' },
      {},
      400,
      'too_old',
      '/timestamp',
    ],
    [
      'an event over 1 MB',
      'PUT',
      '/v1/events/m-1',
      { accountId: 'A-1', event: 'E', timestamp: new Date(), properties: { x: 'x'.repeat(1_010_000) } },
      {},
      413,
      'too_large',
      '/properties',
    ],
  ];

  const calls: Row[] = [
    ['no event name', 'POST', '/v1/track', { ...track(), event: undefined }, {}, 400, 'missing', '/event'],
    ['nobody', 'POST', '/v1/track', { ...track(), userId: '' }, {}, 400, 'missing', '/userId'],
    ['no time', 'POST', '/v1/track', { ...track(), timestamp: undefined }, {}, 400, 'missing', '/timestamp'],
    [
      'a time out of range',
      'POST',
      '/v1/track',
      track({ timestamp: '0000-00-00T00:00:00Z' }),
      {},
      400,
      'malformed',
      '/timestamp',
    ],
    [
      'NUL in a property',
      'POST',
      '/v1/track',
      track({ properties: { a: { b: 'x\0' } } }),
      {},
      400,
      'malformed',
      '/properties/a/b',
    ],
    [
      'a call over 1 MB',
      'POST',
      '/v1/track',
      track({ properties: { x: 'x'.repeat(1_010_000) } }),
      {},
      413,
      'too_large',
      '/properties',
    ],
    [
      'properties 5,000 deep',
      'POST',
      '/v1/track',
      `{"event":"E","userId":"u","timestamp":"2026-01-01","properties":${deepObjects(5_000)}}`,
      JSON_TYPE,
      400,
      'too_deep',
    ],
    ['no batch', 'POST', '/v1/batch', {}, {}, 400, 'missing', '/batch'],
    ['an object as batch', 'POST', '/v1/batch', { batch: {} }, {}, 400, 'wrong_type', '/batch'],
    ['over 2,000 events', 'POST', '/v1/batch', { batch: TOO_MANY }, {}, 413, 'too_many', '/batch'],
  ];

  const imports: Row[] = [
    ['a kind that is none', 'POST', '/v1/imports/people', '[]', JSON_TYPE, 404, 'not_found'],
    ['no body', 'POST', '/v1/imports/accounts', undefined, JSON_TYPE, 400, 'malformed_json'],
    ['no list', 'POST', '/v1/imports/accounts', '{"id":"A-1"}', JSON_TYPE, 400, 'malformed_json'],
    [
      'another media type',
      'POST',
      '/v1/imports/accounts',
      'x',
      { 'content-type': 'application/pdf' },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      'POST',
      '/v1/imports/accounts',
      'id',
      { 'content-type': 'text/csv; charset=utf-16' },
      415,
      'unsupported_media_type',
    ],
    [
      'an unknown encoding',
      'POST',
      '/v1/imports/accounts',
      'id',
      { ...CSV, 'content-encoding': 'snappy' },
      415,
      'unsupported_encoding',
    ],
    ['no gzip', 'POST', '/v1/imports/accounts', '{}', { ...NDJSON, ...GZIP }, 400, 'corrupt_encoding'],
    ['no CSV header', 'POST', '/v1/imports/accounts', '', CSV, 400, 'missing_header'],
    [
      'an unknown CSV column',
      'POST',
      '/v1/imports/accounts',
      `id,nmae\nA-1,${CANARY}\n`,
      CSV,
      400,
      'unknown_column',
    ],
    [
      'a CSV column twice',
      'POST',
      '/v1/imports/accounts',
      'id,name,id\nA,B,C\n',
      CSV,
      400,
      'duplicate_column',
    ],
    ['a CSV column without a name', 'POST', '/v1/imports/accounts', 'id,\nA,B\n', CSV, 400, 'unknown_column'],
    [
      'an unclosed quote in the CSV header',
      'POST',
      '/v1/imports/accounts',
      'id,"name\nA,B\n',
      CSV,
      400,
      'malformed_header',
    ],
    [
      'a broken quote in the CSV header',
      'POST',
      '/v1/imports/accounts',
      'id,"na"me\nA,B\n',
      CSV,
      400,
      'malformed_header',
    ],
    ['an unknown import', 'GET', '/v1/imports/999999', undefined, {}, 404, 'not_found'],
    ['an id that is no import', 'GET', '/v1/imports/x%27--', undefined, {}, 404, 'not_found'],
    ['a forged cursor', 'GET', '/v1/imports?cursor=abc', undefined, {}, 400, 'bad_cursor', '/cursor'],
    ['a limit of 0', 'GET', '/v1/imports?limit=0', undefined, {}, 400, 'validation_failed', '/limit'],
  ];

  const rate = { base: 'EUR', quote: 'USD', day: '2025-01-01', rate: 1.1 };
  const badRates: [string, unknown, string, string][] = [
    ['a day that is none', { ...rate, day: '2025-02-30' }, 'malformed', '/rates/0/day'],
    ['the year 0', { ...rate, day: '0000-01-01' }, 'malformed', '/rates/0/day'],
    ['no rate', { ...rate, rate: 0 }, 'validation_failed', '/rates/0/rate'],
    ['a rate of text', { ...rate, rate: CANARY }, 'validation_failed', '/rates/0/rate'],
    ['a currency to itself', { ...rate, quote: 'EUR' }, 'not_allowed', '/rates/0/quote'],
    ['null', null, 'validation_failed', '/rates/0'],
    ['a number', 17, 'validation_failed', '/rates/0'],
    ['a list', [rate], 'wrong_type', '/rates/0'],
  ];
  const rates = badRates.map(([name, item, code, pointer]): Row => [
    `${name} as rate`,
    'PUT',
    '/v1/exchange-rates',
    { rates: [item] },
    {},
    400,
    code,
    pointer,
  ]);

  const rows = [...anyBody, ...documents, ...calls, ...imports, ...rates];
  it.each(rows.map((row) => ({ title: `${row[0]}: ${row[1]} ${row[2].slice(0, 60)}`, row })))(
    '$title',
    async ({ row }) => {
      const [, method, path, body, headers, status, code, pointer] = row;
      const answer = await call(method, path, body, headers);
      expectProblem(answer, status, code, pointer);
      expect(answer.text).not.toContain(CANARY);
    },
  );

  it.each([
    '+1 (23)',
    'Ünïcødé 😀',
    'a/b',
    '../../etc',
    "o'neil; DROP TABLE account",
    'a%b',
    'toString',
    '__proto__',
  ])('accepts and returns the unusual id %p', async (id) => {
    const path = `/v1/accounts/${encodeURIComponent(id)}`;
    expect((await call('PUT', path, { name: 'Odd' })).body).toEqual({ id, status: 'created' });
    expect((await call('PUT', path, { name: 'Odd' })).body).toEqual({ id, status: 'unchanged' });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  it('stores none of it', async () => {
    expect(await app.dataSource.query('SELECT id FROM account')).toEqual([{ id: 'A-1' }]);
    expect(await app.dataSource.query('SELECT count(*)::int AS events FROM event')).toEqual([{ events: 0 }]);
    expect(({} as { internal?: boolean }).internal).toBeUndefined();
  });
});
