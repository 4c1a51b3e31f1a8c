import { gunzipSync } from 'node:zlib';
import { PostHog } from 'posthog-node';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, clientWithScope } from '../support/client.js';
import { type Failure, type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.js';
import { counted, daysAgo } from '../support/intake.js';
import { expectProblem } from '../support/problem.js';

const at = new Date(Date.now() - 3_600_000);
const day = at.toISOString().slice(0, 10);

describe('posthog-node, unmodified, with an ingest key as project key', () => {
  let app: TestApp;
  let key: string;
  const proxies: FlakyProxy[] = [];

  beforeAll(async () => {
    app = await startTestApp();
    key = (await clientWithScope(app, 'ingest')).key;
  });
  afterEach(() => {
    for (const proxy of proxies.splice(0)) proxy.close();
  });
  afterAll(() => app.stop());

  async function proxied(failures: Failure[] = []): Promise<FlakyProxy> {
    const proxy = await startFlakyProxy(app.url, failures);
    proxies.push(proxy);
    return proxy;
  }

  function posthog(url: string, options: object = {}): { sdk: PostHog; errors: unknown[] } {
    const sdk = new PostHog(key, {
      host: `${url}/v1/posthog`,
      fetchRetryDelay: 10,
      requestTimeout: 60_000,
      ...options,
    });
    const errors: unknown[] = [];
    sdk.on('error', (error: unknown) => errors.push(error));
    return { sdk, errors };
  }

  const accountOf = async (account: string) =>
    (await client(app).call('GET', `/v1/accounts/${account}`)).body;

  it.each([
    ['gzipped', {}],
    ['as plain JSON', { disableCompression: true }],
  ])('sends every kind of event, %s', async (how, options) => {
    const proxy = await proxied();
    const account = `ph ${how}`;
    const user = `u ${how}`;
    const { sdk, errors } = posthog(proxy.url, options);
    sdk.groupIdentify({
      groupType: 'company',
      groupKey: account,
      properties: { name: 'Acme', region: 'EU' },
    });
    sdk.identify({
      distinctId: user,
      properties: { email: `ann-${how.length}@acme.example`, name: 'Ann Lee' },
    });
    sdk.capture({
      distinctId: user,
      event: 'report created',
      properties: { value: 3, pages: 7 },
      groups: { company: account, project: 'P-1' },
      timestamp: at,
    });
    sdk.capture({ distinctId: user, event: 'renamed', properties: { $set: { name: 'Ann B. Lee' } } });
    sdk.alias({ distinctId: user, alias: `old ${how}` });
    sdk.capture({ distinctId: `old ${how}`, event: 'report shared', timestamp: at });
    await sdk.shutdown(60_000);

    expect(errors).toEqual([]);
    expect(proxy.passed.map(({ status, headers }) => [status, headers['content-encoding']])).toEqual([
      [200, how === 'gzipped' ? 'gzip' : undefined],
    ]);
    expect(await accountOf(account)).toMatchObject({ name: 'Acme', traits: { region: 'EU' } });
    const contacts = await app.dataSource.query(
      `SELECT id, email, name FROM contact WHERE user_ids @> ARRAY[$1] AND valid_to = 'infinity'`,
      [user],
    );
    expect(contacts).toEqual([{ id: user, email: `ann-${how.length}@acme.example`, name: 'Ann B. Lee' }]);
    const { days } = await counted(app);
    expect(days).toMatchObject({
      [`${account} ${day} report created`]: 1,
      [`${account} ${day} report shared`]: 1,
    });
    const [event] = await app.dataSource.query<{ properties: object; value: string }[]>(
      `SELECT properties, value FROM event JOIN account USING (account_id) WHERE id = $1 AND event = 'report created'`,
      [account],
    );
    expect(event).toEqual({ properties: { value: 3, pages: 7 }, value: '3' });
  });

  it.each<[string, Failure]>([
    ['503 and did nothing', { status: 503, served: false }],
    ['500 although all was stored', { status: 500, served: true }],
    ['429 and did nothing', { status: 429, served: false }],
  ])('neither loses nor duplicates events after one response of %s', async (how, failure) => {
    const proxy = await proxied([failure]);
    const { sdk, errors } = posthog(proxy.url);
    for (const event of ['a', 'b', 'c'])
      sdk.capture({ distinctId: 'u', event, groups: { company: how }, timestamp: at });
    await sdk.shutdown(60_000);
    expect(errors).toEqual([]);
    expect(proxy.passed.map(({ status }) => status)).toEqual([failure.status, 200]);
    const { days } = await counted(app);
    expect(
      Object.entries(days)
        .filter(([name]) => name.startsWith(`${how} `))
        .map(([, n]) => n),
    ).toEqual([1, 1, 1]);
  });

  it('does not resend a batch because of one rejected event', async () => {
    const proxy = await proxied();
    const { sdk, errors } = posthog(proxy.url);
    sdk.capture({ distinctId: 'u', event: 'good', groups: { company: 'ph-partly' }, timestamp: at });
    sdk.capture({
      distinctId: 'u',
      event: 'too old',
      groups: { company: 'ph-partly' },
      timestamp: new Date(0),
    });
    await sdk.shutdown(60_000);
    expect(errors).toEqual([]);
    expect(proxy.passed.map(({ status }) => status)).toEqual([200]);
    const [sent] = proxy.passed;
    const { batch } = JSON.parse(gunzipSync(sent?.body ?? '').toString()) as { batch: object[] };
    const again = await client(app).call('POST', '/v1/posthog/batch/', { batch });
    expect(again.body).toMatchObject({
      received: 2,
      duplicates: 1,
      errors: [{ index: 1, code: 'too_old', pointer: '/timestamp' }],
    });
  });

  it('gets no feature flags', async () => {
    const { sdk, errors } = posthog(app.url);
    expect(await sdk.getFeatureFlag('beta', 'u')).toBeUndefined();
    expect(await sdk.getAllFlags('u')).toEqual({});
    await sdk.shutdown(60_000);
    expect(errors).toEqual([]);
  });

  it('captures single events under every alias of the route', async () => {
    for (const name of ['capture/', 'e', 'i/v0/e/?ip=0']) {
      const event = {
        api_key: key,
        event: 'single',
        distinct_id: 'u',
        timestamp: daysAgo(1),
        uuid: name,
        properties: { $groups: { company: 'ph-single' } },
      };
      const answer = await fetch(`${app.url}/v1/posthog/${name}`, {
        method: 'POST',
        body: JSON.stringify(event),
      });
      expect([answer.status, await answer.json()]).toMatchObject([200, { accepted: 1 }]);
    }
  });

  it('gets an error for an event without a time, which would count once per retry', async () => {
    const event = {
      event: 'x',
      uuid: 'm',
      distinct_id: 'u',
      properties: { $groups: { company: 'ph-timeless' } },
    };
    const alias = { event: '$create_alias', distinct_id: 'u', properties: { alias: 'ph-timeless-alias' } };
    const batch = [event, alias];
    const sent = { batch, sent_at: new Date(Date.now() + 7_200_000).toISOString() };
    expect((await client(app).call('POST', '/v1/posthog/batch', sent)).body).toMatchObject({
      accepted: 1,
      errors: [{ index: 0, messageId: 'm', code: 'missing', pointer: '/timestamp' }],
    });
    expect((await client(app).call('POST', '/v1/posthog/batch', sent)).body).toMatchObject({ duplicates: 1 });
    expect((await client(app).call('GET', '/v1/accounts/ph-timeless')).status).toBe(404);
  });

  it('gets an error for an invalid batch and for a wrong key', async () => {
    expectProblem(await client(app).call('POST', '/v1/posthog/batch', {}), 400, 'wrong_type', '/batch');
    const many = Array.from({ length: 2_001 }, () => ({ event: 'x' }));
    expectProblem(
      await client(app).call('POST', '/v1/posthog/batch', { batch: many }),
      413,
      'payload_too_large',
      '/batch',
    );
    const wrong = await fetch(`${app.url}/v1/posthog/batch/`, {
      method: 'POST',
      body: JSON.stringify({ api_key: 'wrong', batch: [] }),
    });
    expect(wrong.status).toBe(401);
  });

  it('maps another group type to accounts when configured', async () => {
    const other = await startTestApp({ posthogGroupType: 'organization' });
    try {
      const groups = { organization: 'O-1', company: 'C-1' };
      const event = {
        event: 'x',
        distinct_id: 'u',
        timestamp: daysAgo(1),
        uuid: 'm',
        properties: { $groups: groups },
      };
      await client(other).call('POST', '/v1/posthog/batch', { batch: [event] });
      expect(Object.keys((await counted(other)).days)).toEqual([expect.stringMatching(/^O-1 /)]);
    } finally {
      await other.stop();
    }
  });
});
