import fc from 'fast-check';
import { SCOPES } from '../../src/platform/auth/scopes.js';
import { OTHER_ROUTES } from '../../src/intake/tracking/other-names.js';
import { keyIdOf, makeKey } from '../../src/platform/auth/key-format.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, clientWithScope } from '../support/client.js';
import { operations } from '../support/openapi.js';
import { RequestGenerator, TIMES } from '../support/openapi-requests.js';
import { Wire, type WireAnswer } from '../support/wire.js';

/** What routes need, written down by hand: the guard and openapi.yaml come from the same decorator and could be wrong together. The first that matches counts. */
const NEEDED: [RegExp, string | null][] = [
  [/^GET \/(livez|readyz|metrics)$/, null],
  [/^\w+ \/v1\/(api-keys|audit)\b/, 'admin'],
  [/^POST \/v1\/(batch|track|identify|group|page|screen|alias|posthog\/\w+)$/, 'ingest'],
  [/^\w+ \/v1\/imports\b/, 'ingest'],
  [/^PUT \/v1\/exchange-rates$/, 'ingest'],
  [/^(PUT|DELETE) \/v1\/accounts\/\{id\}\/health-override$/, 'act'],
  [
    /^(PUT|DELETE) \/v1\/(accounts|contacts|events|gauges|subscriptions|tickets|invoices|surveys|activities|milestones)\/\{\w+\}$/,
    'ingest',
  ],
  [/^POST \/v1\/accounts\/\{id\}\/merge$/, 'ingest'],
  [/^POST \/v1\/(scorecards\/(preview|suggest)|accounts\/\{id\}\/score\/what-if)$/, 'read'],
  [/^(PUT|POST|DELETE) \/v1\/(csms|scorecards|score-runs|models)\b/, 'write'],
  [/^GET \/v1\//, 'read'],
];
const REFUSED = {
  expired: 'key_expired',
  revoked: 'key_revoked',
  unknown: 'key_unknown',
  malformed: 'key_malformed',
  empty: 'key_missing',
  nobody: 'key_missing',
} as const;
type Caller = (typeof SCOPES)[number] | keyof typeof REFUSED;

const neededFor = (name: string): string | null | undefined =>
  NEEDED.find(([pattern]) => pattern.test(name))?.[1];

interface Verdict {
  who: Caller;
  status: number | 'let in';
  code?: unknown;
}

function expectedFor(who: Caller, needed: string | null): Verdict {
  if (needed === null) return { who, status: 'let in' };
  if (who in REFUSED) return { who, status: 401, code: REFUSED[who as keyof typeof REFUSED] };
  const mayCall = who === needed || who === 'admin' || (who === 'write' && needed === 'act');
  return mayCall ? { who, status: 'let in' } : { who, status: 403, code: 'scope_missing' };
}

function verdictOf(who: Caller, { status, text }: WireAnswer): Verdict {
  if (status !== 401 && status !== 403) return { who, status: status >= 500 ? status : 'let in' };
  return { who, status, code: (JSON.parse(text) as { code?: unknown }).code };
}

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

describe('scopes', () => {
  let app: TestApp;
  let wire: Wire;
  let callers: [Caller, authorization: string | null][];

  beforeAll(async () => {
    app = await startTestApp({ requestsPerMinute: 10_000_000, failedKeysPerMinute: 1_000_000 });
    wire = new Wire(app.url, null);
    const keyWith = async (scope: string): Promise<string> => (await clientWithScope(app, scope)).key;
    const [expired, revoked] = [await keyWith('admin'), await keyWith('admin')];
    await app.dataSource.query(`update api_key set expires_at = now() - interval '1 second' where id = $1`, [
      keyIdOf(expired),
    ]);
    await client(app).call('DELETE', `/v1/api-keys/${keyIdOf(revoked) ?? ''}`);
    const keys: [Caller, string][] = [
      ['expired', expired],
      ['revoked', revoked],
      ['unknown', makeKey().key],
      ['malformed', `${revoked.slice(0, -1)}!`],
      ['empty', ''],
    ];
    for (const scope of SCOPES) keys.push([scope, await keyWith(scope)]);
    callers = [['nobody', null], ...keys.map(([who, key]): [Caller, string] => [who, `Bearer ${key}`])];
  });
  afterAll(async () => {
    wire.close();
    await app.stop();
  });

  it('are documented in openapi.yaml for every operation as expected here', () => {
    const said = operations.map((operation) => [operation.name, operation['x-required-scope'] ?? null]);
    expect(said).toEqual(operations.map(({ name }) => [name, neededFor(name)]));
    const used = new Set(operations.map(({ name }) => NEEDED.findIndex(([pattern]) => pattern.test(name))));
    expect(NEEDED.filter((_, i) => !used.has(i))).toEqual([]);
  });

  it('are documented for every route', () => {
    const { router } = app.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
    const routes = router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map(
        (method) => `${method.toUpperCase()} ${route?.path.replace(/:(\w+)/g, '{$1}')}`,
      ),
    );
    const documented = new Set(operations.map(({ name }) => name));
    // Other names are rewritten to the documented ones; a preflight request carries no key.
    const known = new Set([...documented, ...OTHER_ROUTES.map(({ path }) => `POST ${path}`)]);
    expect(routes.filter((name) => !known.has(name) && !name.startsWith('OPTIONS '))).toEqual([]);
    expect(routes.length).toBeGreaterThan(documented.size);
  });

  it.each(operations)('are enforced by $name', async (operation) => {
    const [gen] = fc.sample(fc.gen(), { numRuns: 1, seed: 1 });
    const generator = new RequestGenerator(gen as fc.GeneratorValue, TIMES);
    const request = generator.valid(operation);
    const needed = neededFor(operation.name) ?? null;
    for (const [who, authorization] of callers) {
      const headers = { ...request.headers, ...(authorization !== null && { authorization }) };
      const answer = await wire.send({ ...request, headers });
      expect(verdictOf(who, answer)).toEqual(expectedFor(who, needed));
    }
  });
});
