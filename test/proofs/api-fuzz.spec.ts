import fc from 'fast-check';
import { startTestApp, type TestApp } from '../support/app.js';
import { client } from '../support/client.js';
import { documentedTypes, type Operation, operations } from '../support/openapi.js';
import { type KnownIds, RequestGenerator, TIMES } from '../support/openapi-requests.js';
import { expectDiscreet } from '../support/problem.js';
import { scoreAsOf } from '../support/score-runs.js';
import { Wire, type WireAnswer, type WireRequest } from '../support/wire.js';

const REQUESTS = 10_000;
/** FUZZ_SEED finds other requests, or repeats those of a failure. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);
/** A body can be wrong in more ways than a query: operations that take one come twice. */
const turns = [...operations, ...operations.filter(({ requestBody }) => requestBody)];
const LANES = 4;
/** How many findings are shown. */
const MAX_SHOWN = 20;

describe(`${REQUESTS} fuzzed requests from openapi.yaml, seed ${SEED}`, () => {
  let app: TestApp;
  let wire: Wire;
  let knownIds: KnownIds;

  beforeAll(async () => {
    app = await startTestApp({ requestsPerMinute: 10_000_000, failedKeysPerMinute: 1_000_000 });
    wire = new Wire(app.url, app.key);
    const { call } = client(app);
    const accounts = ['A-1', 'A-2', 'A-3', 'A-4'];
    for (const id of accounts)
      await call('PUT', `/v1/accounts/${id}`, { name: id, csm: 'kim@example.com', createdAt: '2025-01-01' });
    for (const days of [30, 0])
      await scoreAsOf(app, new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10));
    const keys = await Promise.all(
      Array.from({ length: 20 }, () =>
        call('POST', '/v1/api-keys', { name: 'to be revoked', scopes: ['read'] }),
      ),
    );
    knownIds = {
      '/v1/accounts': accounts,
      '/v1/csms': ['kim@example.com', 'lee'],
      '/v1/scorecards': ['default', 'own'],
      // Not the key that the test uses.
      '/v1/api-keys': keys.map(({ body }) => String(body['id'])),
      '/v1/events': ['m-1', 'm-7f3a'],
    };
  });
  afterAll(async () => {
    wire.close();
    await app.stop();
  });

  it('are answered as documented, without a 5xx or a lost connection', async () => {
    const gens = fc.sample(fc.gen(), { numRuns: REQUESTS, seed: SEED });
    const findings = new Map<string, string>();
    const statuses = new Map<string, Set<number>>(operations.map(({ name }) => [name, new Set()]));
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let i = next++; i < REQUESTS; i = next++) {
        const operation = turns[i % turns.length] as Operation;
        const request = new RequestGenerator(gens[i] as fc.GeneratorValue, { knownIds, ...TIMES }).fuzzed(
          operation,
        );
        const answer = await wire.send(request).catch((error: unknown) => String(error));
        const finding = typeof answer === 'string' ? answer : findingOf(operation, request, answer);
        if (typeof answer !== 'string') statuses.get(operation.name)?.add(answer.status);
        if (finding !== null) findings.set(`${operation.name}: ${finding}`, shown(i, request, answer));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));

    expect([...findings].slice(0, MAX_SHOWN)).toEqual([]);
    // Requests that are all refused at the door would prove nothing.
    const never = [...statuses].filter(([, seen]) => ![...seen].some((status) => status < 300));
    expect(never.map(([name]) => name)).toEqual([]);
    for (const path of ['/livez', '/readyz', '/v1/accounts', '/v1/api-keys']) {
      expect([path, (await client(app).call('GET', path)).status]).toEqual([path, 200]);
    }
  });
});

/** What is wrong with an answer; null: nothing. */
function findingOf(
  operation: Operation,
  { path, headers }: WireRequest,
  { status, type, text }: WireAnswer,
): string | null {
  if (status >= 500) return `status ${status}`;
  // What HTTP itself says of this header.
  if (status === 304 && headers['if-none-match'] !== undefined) return null;
  const isElsewhere = !matches(operation.path, path);
  const types = documentedTypes(operation, status);
  if (types === null && !isElsewhere) return `undocumented status ${status}`;
  if (status < 400)
    return types?.includes(type) || text === '' || isElsewhere ? null : `${status} as ${type}`;
  if (type !== 'application/problem+json') return `${status} as ${type}`;
  const problem = JSON.parse(text) as Record<string, unknown>;
  if (problem['status'] !== status || !/^[a-z_]+$/.test(String(problem['code'])))
    return `${status} without a code`;
  try {
    expectDiscreet({ text });
    return null;
  } catch {
    return `${status} tells too much`;
  }
}

/** Whether a path still leads to the operation: a dot, a slash or nothing for an id leads elsewhere. */
function matches(template: string, path: string): boolean {
  const pattern = template.replace(/\{\w+\}/g, '[^/]+');
  const [plain = ''] = path.split('?');
  return new RegExp(`^${pattern}/?$`).test(plain);
}

function shown(
  index: number,
  { method, path, headers, body }: WireRequest,
  answer: WireAnswer | string,
): string {
  const sent = `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${String(body).slice(0, 600)}`;
  return `request ${index}: ${sent}\n${typeof answer === 'string' ? answer : answer.text.slice(0, 600)}`;
}
