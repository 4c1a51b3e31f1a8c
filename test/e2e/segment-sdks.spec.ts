import { gunzipSync } from 'node:zlib';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, clientWithScope } from '../support/client.js';
import { type Failure, type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.js';

const at = new Date(Date.now() - 3_600_000);

interface SentCall {
  type: string;
  originalTimestamp?: string;
}
const callsOf = (body: Buffer): SentCall[] => (JSON.parse(body.toString()) as { batch: SentCall[] }).batch;

describe('the clients of Segment and RudderStack, unmodified, with an ingest key as write key', () => {
  let app: TestApp;
  let writeKey: string;
  const proxies: FlakyProxy[] = [];

  beforeAll(async () => {
    app = await startTestApp();
    writeKey = (await clientWithScope(app, 'ingest')).key;
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

  function segment(host: string, flushAt = 100): { sdk: Analytics; errors: unknown[] } {
    const sdk = new Analytics({ writeKey, host, flushAt, flushInterval: 50 });
    const errors: unknown[] = [];
    sdk.on('error', (error) => errors.push(error));
    return { sdk, errors };
  }

  function rudder(dataPlaneUrl: string): { sdk: RudderAnalytics; flushed: () => Promise<void> } {
    const sdk = new RudderAnalytics(writeKey, {
      dataPlaneUrl,
      flushAt: 1000,
      flushInterval: 60_000,
      logLevel: 'none',
    });
    return {
      sdk,
      flushed: async () => {
        await sdk.flush();
      },
    };
  }

  const eventsOf = (
    account: string,
  ): Promise<{ event: string; user_id: string | null; properties: object; at: Date }[]> =>
    app.dataSource.query(
      `SELECT e.event, e.user_id, e.properties, e.at FROM event e JOIN account_ref r USING (account_id) WHERE r.ref = $1 ORDER BY e.event`,
      [account],
    );
  const accountOf = (account: string): Promise<{ name: string; traits: object }[]> =>
    app.dataSource.query(
      `SELECT s.name, s.traits FROM account_state s JOIN account_ref r USING (account_id) WHERE r.ref = $1 AND s.valid_to = 'infinity'`,
      [account],
    );
  const contactsOf = (
    account: string,
  ): Promise<{ id: string; email: string; name: string; user_ids: string[] }[]> =>
    app.dataSource.query(
      `SELECT c.id, c.email, c.name, c.user_ids FROM contact c JOIN account_ref r USING (account_id)
       WHERE r.ref = $1 AND c.valid_to = 'infinity' ORDER BY c.id`,
      [account],
    );
  const held = async (ref: string): Promise<unknown> =>
    (await client(app).call('GET', `/v1/quarantine?ref=${ref}`)).body['items'];

  it('sends every kind of Segment call', async () => {
    const { sdk, errors } = segment(app.url);
    const context = { groupId: 'seg' };
    sdk.group({ userId: 'seg-u1', groupId: 'seg', traits: { name: 'Acme', region: 'EU' }, timestamp: at });
    sdk.identify({
      userId: 'seg-u1',
      traits: { email: 'ann@acme.example', firstName: 'Ann', lastName: 'Lee' },
      context,
      timestamp: at,
    });
    sdk.track({
      userId: 'seg-u1',
      event: 'Report Created',
      properties: { format: 'pdf' },
      context,
      timestamp: at,
    });
    sdk.track({ userId: 'seg-u1', event: 'By the user alone', timestamp: at });
    sdk.page({ userId: 'seg-u1', name: 'Home', context, timestamp: at });
    sdk.screen({ userId: 'seg-u1', name: 'Start', context, timestamp: at });
    sdk.track({ anonymousId: 'visitor', event: 'Anonymous', context, timestamp: at });
    sdk.alias({ previousId: 'visitor', userId: 'seg-u1' });
    await sdk.closeAndFlush();

    expect(errors).toEqual([]);
    expect(await accountOf('seg')).toEqual([{ name: 'Acme', traits: { region: 'EU' } }]);
    expect(await contactsOf('seg')).toEqual([
      { id: 'seg-u1', email: 'ann@acme.example', name: 'Ann Lee', user_ids: ['seg-u1'] },
    ]);
    expect((await eventsOf('seg')).map(({ event, user_id }) => [event, user_id])).toEqual([
      ['Anonymous', null],
      ['By the user alone', 'seg-u1'],
      ['Report Created', 'seg-u1'],
      ['Viewed Home Page', 'seg-u1'],
      ['Viewed Start Screen', 'seg-u1'],
    ]);
    expect((await eventsOf('seg'))[2]).toMatchObject({ properties: { format: 'pdf' }, at });
    expect(await held('seg')).toEqual([]);
  });

  it('sends every kind of RudderStack call, gzipped as a form, with originalTimestamp only', async () => {
    const proxy = await proxied();
    const { sdk, flushed } = rudder(proxy.url);
    const context = { groupId: 'rud' };
    sdk.group({ userId: 'rud-u1', groupId: 'rud', traits: { name: 'Bolt', seats: 5 } });
    sdk.identify({
      userId: 'rud-u1',
      traits: { email: 'bo@bolt.example', name: 'Bo' },
      context,
    });
    sdk.track({
      userId: 'rud-u1',
      event: 'Report Created',
      properties: { value: 3 },
      context,
    });
    sdk.page({ userId: 'rud-u1', name: 'Home', context });
    sdk.screen({ userId: 'rud-u1', name: 'Start', context });
    sdk.alias({ previousId: 'rud-old', userId: 'rud-u1' });
    await flushed();

    const [request] = proxy.passed;
    expect(request).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
    });
    const sent = proxy.passed.flatMap(({ body }) => callsOf(gunzipSync(body)));
    expect(sent.filter((call) => 'timestamp' in call)).toEqual([]);
    const times = ['track', 'page', 'screen'].map(
      (type) => sent.find((call) => call.type === type)?.originalTimestamp,
    );
    expect(await accountOf('rud')).toEqual([{ name: 'Bolt', traits: { seats: 5 } }]);
    expect(await contactsOf('rud')).toEqual([
      { id: 'rud-u1', email: 'bo@bolt.example', name: 'Bo', user_ids: ['rud-u1'] },
    ]);
    const events = await eventsOf('rud');
    expect(events.map(({ event }) => event)).toEqual([
      'Report Created',
      'Viewed Home Page',
      'Viewed Start Screen',
    ]);
    expect(events.map((event) => event.at.toISOString())).toEqual(times);
  });

  it('has events of an unknown account quarantined until its group call', async () => {
    const { sdk } = segment(app.url);
    sdk.track({ userId: 'late-u', event: 'Early', context: { groupId: 'late' }, timestamp: at });
    await sdk.flush();
    expect(await held('late')).toMatchObject([{ kind: 'events', ref: 'late', waitsFor: 'account' }]);
    sdk.group({ userId: 'late-u', groupId: 'late', traits: {}, timestamp: at });
    await sdk.closeAndFlush();
    expect(await held('late')).toEqual([]);
    expect(await eventsOf('late')).toMatchObject([{ event: 'Early' }]);
  });

  it('sends a batch near 480 KB', async () => {
    await client(app).call('PUT', '/v1/accounts/big', { name: 'Big' });
    const proxy = await proxied();
    const { sdk, errors } = segment(proxy.url, 15);
    for (let i = 0; i < 15; i++) {
      sdk.track({
        userId: 'big-u',
        event: `Big ${i}`,
        properties: { text: 'x'.repeat(31_500) },
        context: { groupId: 'big' },
        timestamp: at,
      });
    }
    await sdk.closeAndFlush();
    expect(errors).toEqual([]);
    const largest = Math.max(...proxy.passed.map(({ body }) => body.length));
    expect(largest).toBeGreaterThan(470_000);
    expect(await eventsOf('big')).toHaveLength(15);
  });

  it.each<[string, Failure]>([
    ['503 and did nothing', { status: 503, served: false }],
    ['503 although all was stored', { status: 503, served: true }],
    ['429 and did nothing', { status: 429, headers: { 'retry-after': '1' }, served: false }],
  ])('neither loses nor duplicates events after one response of %s', async (_, failure) => {
    const proxy = await proxied([failure]);
    const account = `retry-${failure.status}-${failure.served}`;
    await client(app).call('PUT', `/v1/accounts/${account}`, {});
    const { sdk, errors } = segment(proxy.url);
    for (const event of ['A', 'B', 'C'])
      sdk.track({ userId: 'u', event, context: { groupId: account }, timestamp: at });
    await sdk.closeAndFlush({ timeout: 20_000 });
    expect(errors).toEqual([]);
    expect(proxy.passed.map(({ status }) => status)).toEqual([failure.status, 200]);
    expect((await eventsOf(account)).map(({ event }) => event)).toEqual(['A', 'B', 'C']);
  });

  it('does not duplicate events on a RudderStack retry with another sentAt', async () => {
    const proxy = await proxied([{ status: 500, served: true }]);
    await client(app).call('PUT', '/v1/accounts/rud-retry', {});
    const { sdk, flushed } = rudder(proxy.url);
    sdk.track({ userId: 'u', event: 'A', context: { groupId: 'rud-retry' } });
    await flushed();
    expect(proxy.passed.map(({ status }) => status)).toEqual([500, 200]);
    expect(await eventsOf('rud-retry')).toHaveLength(1);
  });

  it('does not duplicate a messageId with another sentAt', async () => {
    const call = {
      type: 'track',
      messageId: 'm-1',
      userId: 'seg-u1',
      event: 'Once',
      timestamp: at,
      context: { groupId: 'seg' },
    };
    const { call: send } = client(app);
    const first = await send('POST', '/v1/batch', { batch: [call], sentAt: '2025-01-01T00:00:00Z' });
    const again = await send('POST', '/v1/batch', { batch: [call], sentAt: '2025-01-01T00:01:00Z' });
    expect([first.body, again.body]).toMatchObject([
      { received: 1, accepted: 1, duplicates: 0 },
      { received: 1, accepted: 0, duplicates: 1 },
    ]);
  });

  it('gets 401 for a wrong key and 403 for a wrong scope', async () => {
    const read = await clientWithScope(app, 'read');
    const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` });
    const batch = { batch: [] };
    expect((await client(app).call('POST', '/v1/batch', batch, basic('wrong'))).status).toBe(401);
    expect((await client(app).call('POST', '/v1/batch', batch, basic(read.key))).status).toBe(403);
    expect((await client(app).call('POST', '/v1/batch', batch, basic(writeKey))).status).toBe(200);
  });
});
