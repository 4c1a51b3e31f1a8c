import fc from 'fast-check';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client } from '../support/client.js';
import { bodies, KINDS } from '../support/samples.js';
import { expectDiscreet } from '../support/problem.js';

const CALLS = ['batch', 'track', 'identify', 'group', 'page', 'screen', 'alias'];
const FIELDS = [
  ...[
    'id',
    'accountId',
    'userId',
    'userIds',
    'externalIds',
    'messageId',
    'event',
    'timestamp',
    'name',
    'value',
    'at',
    'traits',
    'properties',
  ],
  ...[
    'context',
    'groupId',
    'anonymousId',
    'previousId',
    'type',
    'batch',
    'startedAt',
    'endedAt',
    'mrr',
    'seats',
    'currency',
    'limits',
    'serviceTargets',
    'noticePeriodDays',
    'churnReason',
    'subject',
    'status',
    'email',
  ],
  ...[
    'consents',
    'openedAt',
    'reopenedAt',
    'csat',
    'issuedAt',
    'amount',
    'kind',
    'score',
    'effectiveAt',
    'createdAt',
    'parentId',
    'internal',
  ],
  ...['rates', 'day', 'base', 'quote', 'rate', 'targetId', 'into', '__proto__', 'constructor'],
];
const REQUESTS = 2_000;

const odd = fc.constantFrom<unknown>(
  null, '', ' ', '\0', '\ud800', '2026-01-01', '2026-02-30', '1900-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '-infinity', 'A-1', 'A-2', 'u-1', 'track',
  'group', 'nps', 'meeting', 'EUR', 'x'.repeat(300), 0, -0, -1, 1.5, 1e15, 1e308, 2 ** 53, -(2 ** 63), true, [], {}, ['A-1'], [null], [[]],
  { 'a.b': 1 }, { groupId: 'A-1' }, "'; DROP TABLE account --", '\\N', '{}', '{"a"}',
); // prettier-ignore
const value = fc.oneof(
  { weight: 4, arbitrary: odd },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);
const item = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 8 });
const body = fc.oneof(
  { weight: 4, arbitrary: item },
  { weight: 2, arbitrary: fc.array(item, { maxLength: 4 }) },
  { weight: 2, arbitrary: fc.array(item, { maxLength: 4 }).map((batch) => ({ batch, rates: batch })) },
  { weight: 1, arbitrary: value },
);
const id = fc.oneof(
  fc.constantFrom('A-1', 'A-2', 'u-1', '1', '%00', '%ff', '..%2f..', '+', '%F0%9F%98%80', '%ED%A0%80', "'"),
  fc.string({ minLength: 1 }).map((text) => encodeURIComponent(text.toWellFormed())),
);
const route = fc.oneof(
  fc.tuple(
    fc.constant('POST'),
    fc.constantFrom(...CALLS).map((name) => `/v1/${name}`),
  ),
  fc.tuple(
    fc.constantFrom('PUT', 'PUT', 'PUT', 'DELETE'),
    fc.tuple(fc.constantFrom(...KINDS), id).map(([kind, one]) => `/v1/${kind}/${one}`),
  ),
  fc.tuple(
    fc.constant('POST'),
    fc.constantFrom(...KINDS, 'people').map((kind) => `/v1/imports/${kind}`),
  ),
  fc.tuple(
    fc.constant('POST'),
    id.map((one) => `/v1/accounts/${one}/merge`),
  ),
  fc.tuple(fc.constant('PUT'), fc.constant('/v1/exchange-rates')),
  fc.tuple(
    fc.constant('GET'),
    fc
      .tuple(fc.constantFrom('imports', 'quarantine', 'imports/1/errors'), id)
      .map(([list, one]) => `/v1/${list}?cursor=${one}&limit=${one}&ref=${one}`),
  ),
);
const type = fc.constantFrom(
  'application/json',
  'application/json',
  'application/json',
  'application/x-ndjson',
  'text/csv',
  'text/plain',
  'application/json; charset=x',
);
const csv = fc
  .array(
    fc.array(
      fc.constantFrom(...FIELDS, '"', '""', '"a""b"', '\\N', '', ' ', '1', 'x\r', '{"a":', '2026-01-01'),
      { maxLength: 4 },
    ),
    { maxLength: 4 },
  )
  .map((rows) => rows.map((row) => row.join(',')).join('\n'));
/** JSON, mostly whole, sometimes with a piece cut out or a byte changed. */
const bytes = fc
  .tuple(body, fc.nat(), fc.nat(255), fc.constantFrom('whole', 'whole', 'whole', 'cut', 'changed'))
  .map(([content, place, byte, how]) => {
    const whole = Buffer.from(JSON.stringify(content) ?? '');
    if (how === 'cut') return whole.subarray(0, place % (whole.length + 1));
    if (how === 'changed' && whole.length > 0) whole[place % whole.length] = byte;
    return whole;
  });
const sent = fc.oneof(
  { weight: 5, arbitrary: bytes },
  { weight: 1, arbitrary: csv.map((text) => Buffer.from(text)) },
);

type Request = readonly [method: string, path: string, type: string, content: Buffer];

const random = fc
  .tuple(route, type, sent)
  .map(([[method, path], contentType, content]): Request => [method, path, contentType, content]);
/** Good requests with at most two fields spoiled: these come further than the door. */
const nearlyGood = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    account: fc.constantFrom('A-1', 'A-1', 'unknown'),
    record: fc.constantFrom('r-1', 'r-2', 'r-3'),
    spoilt: fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 2 }),
    how: fc.constantFrom('put', 'put', 'import', 'import', 'delete'),
  })
  .map(({ kind, account, record, spoilt, how }): Request => {
    const owner = kind === 'accounts' ? {} : { accountId: account };
    const document = { ...owner, ...bodies[kind]?.(1), ...spoilt };
    if (how === 'delete')
      return ['DELETE', `/v1/${kind}/${record}?accountId=A-1`, 'application/json', Buffer.alloc(0)];
    if (how === 'put')
      return ['PUT', `/v1/${kind}/${record}`, 'application/json', Buffer.from(JSON.stringify(document))];
    const named = kind === 'events' ? { messageId: record } : { id: record };
    return [
      'POST',
      `/v1/imports/${kind}`,
      'application/x-ndjson',
      Buffer.from(JSON.stringify({ ...named, ...document })),
    ];
  });
const requests = fc.oneof({ weight: 3, arbitrary: random }, { weight: 2, arbitrary: nearlyGood });

describe('the intake routes', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await client(app).call('PUT', '/v1/accounts/A-1', {});
  });
  afterAll(() => app.stop());

  it(`never answer 5xx to ${REQUESTS} random requests, and always in JSON`, async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(requests, async ([method, path, contentType, content]) => {
        const answer: Answer = await client(app).call(method, path, method === 'GET' ? undefined : content, {
          'content-type': contentType,
        });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect({ method, path, status: answer.status >= 500 ? answer.status : 'fine' }).toEqual({
          method,
          path,
          status: 'fine',
        });
        if (answer.status >= 400) expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expectDiscreet({ ...answer, text: answer.status >= 400 ? answer.text : '' });
      }),
      { numRuns: REQUESTS, seed: 20_260_101, endOnFailure: true },
    );
    // Random requests that are all refused at the door would prove nothing.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 202, 204, 207, 400, 404, 415]));
  }, 1_800_000);
});
