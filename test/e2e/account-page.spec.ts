import { startTestApp, type TestApp } from '../support/app.js';

describe('GET /v1/accounts/{id}', () => {
  let app: TestApp;
  const today = new Date().toISOString().slice(0, 10);

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(app.url + path, {
      method,
      headers: { authorization: `Bearer ${app.key}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return response.json();
  }

  beforeAll(async () => {
    app = await startTestApp({ internalDomains: ['own.example'] });
    await call('PUT', '/v1/accounts/A-1', {
      name: 'Acme',
      externalIds: ['stripe:cus_1'],
      createdAt: '2026-01-05',
      traits: { region: 'EMEA' },
    });
    await call('PUT', '/v1/accounts/A-2', { name: 'Acme Labs', parentId: 'stripe:cus_1' });
    await call('PUT', '/v1/contacts/C-1', {
      accountId: 'A-1',
      name: 'Ada',
      role: 'champion',
      userIds: ['u-1'],
    });
    await call('PUT', '/v1/contacts/C-9', {
      accountId: 'A-1',
      name: 'Support',
      email: 'help@own.example',
      userIds: ['u-9'],
    });
    await call('PUT', '/v1/subscriptions/S-1', {
      accountId: 'A-1',
      startedAt: '2026-02-01',
      mrr: 10_000,
      currency: 'USD',
    });
    await call('PUT', '/v1/subscriptions/S-1', {
      accountId: 'A-1',
      startedAt: '2026-02-01',
      mrr: 25_000,
      currency: 'USD',
      effectiveAt: '2026-06-01',
    });
    await call('PUT', '/v1/tickets/T-1', {
      accountId: 'A-1',
      openedAt: '2026-03-01',
      resolvedAt: '2026-03-02',
      csat: 4,
    });
    const event = (messageId: string, userId?: string) => ({
      type: 'track',
      messageId,
      event: 'Ran',
      timestamp: `${today}T00:00:01Z`,
      userId,
      anonymousId: 'x',
      context: { groupId: 'A-1' },
    });
    await call('POST', '/v1/batch', {
      batch: [event('1', 'u-1'), event('2', 'u-1'), event('3', 'u-9'), event('4')],
    });
  });
  afterAll(() => app.stop());

  it('shows the account under any of its ids', async () => {
    expect(await call('GET', '/v1/accounts/stripe:cus_1')).toMatchObject({
      id: 'A-1',
      ids: ['A-1', 'stripe:cus_1'],
      name: 'Acme',
      children: ['A-2'],
      traits: { region: 'EMEA' },
      contacts: [{ id: 'C-1', role: 'champion' }, { id: 'C-9' }],
      subscriptions: [{ id: 'S-1', mrr: 25_000 }],
      openTickets: 0,
    });
  });

  it('shows the past state of a past day', async () => {
    expect(await call('GET', '/v1/accounts/A-1?asOf=2026-05-31')).toMatchObject({
      subscriptions: [{ mrr: 10_000 }],
    });
    expect(await call('GET', '/v1/accounts/A-1?asOf=2026-03-01')).toMatchObject({ openTickets: 1 });
    expect(await call('GET', '/v1/accounts/A-1?asOf=2026-01-31')).toMatchObject({ subscriptions: [] });
  });

  it('counts every event, but as active users only known people of the customer', async () => {
    const { items } = (await call('GET', '/v1/accounts/A-1/usage')) as { items: unknown[] };
    expect(items).toHaveLength(28);
    expect(items.at(-1)).toEqual({ day: today, events: 4, activeUsers: 1, byEvent: { Ran: 4 } });
    expect(items[0]).toMatchObject({ events: 0, activeUsers: 0, byEvent: {} });
  });

  it('pages through the timeline, newest first', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = (await call(
        'GET',
        `/v1/accounts/A-1/timeline?limit=2${cursor && `&cursor=${cursor}`}`,
      )) as {
        items: { kind: string; what: string }[];
        nextCursor: string | null;
      };
      seen.push(...page.items.map((item) => `${item.kind} ${item.what}`));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([
      'events used',
      'subscriptions changed',
      'tickets resolved',
      'tickets rated',
      'tickets opened',
      'subscriptions started',
      'accounts created',
    ]);
  });

  it('returns 404 for an unknown account and 400 for a day that does not exist', async () => {
    expect(await call('GET', '/v1/accounts/nobody')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await call('GET', '/v1/accounts/A-1?asOf=2026-02-30')).toMatchObject({
      status: 400,
      pointer: '/asOf',
    });
  });
});
