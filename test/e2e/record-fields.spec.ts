import type { TimelineItem } from '../../src/portfolio/account/account.dto.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import { daysAgo } from '../support/intake.js';

describe('terms of a subscription, and the subject and status of a ticket', () => {
  let app: TestApp;
  let api: Client;

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
    await api.call('PUT', '/v1/accounts/A-1', {});
  });
  afterAll(() => app.stop());

  const page = async () => (await api.call('GET', '/v1/accounts/A-1')).body as Record<string, never>;
  const happened = async (what: string) => {
    const { body } = await api.call('GET', '/v1/accounts/A-1/timeline');
    return (body as { items: TimelineItem[] }).items.filter((item) => item.what === what);
  };

  it('reads the notice period, service targets and churn reason from a CSV file', async () => {
    const columns = [
      'id,accountId,startedAt,endedAt,noticePeriodDays,churnReason',
      'serviceTargets.urgent.firstResponseHours,serviceTargets.urgent.resolutionHours',
    ];
    const rows = [`S-1,A-1,${daysAgo(400)},,30,,1,8`, `S-2,A-1,${daysAgo(400)},${daysAgo(9)},,competitor,,`];
    const csv = `${columns.join(',')}\n${rows.join('\n')}\n`;
    const answer = await api.call('POST', '/v1/imports/subscriptions', csv, { 'content-type': 'text/csv' });
    expect(answer.body).toMatchObject({ created: 2, rejected: 0 });
    expect((await page())['subscriptions']).toMatchObject([
      {
        id: 'S-1',
        noticePeriodDays: 30,
        serviceTargets: { urgent: { firstResponseHours: 1, resolutionHours: 8 } },
      },
    ]);
    expect(await happened('ended')).toMatchObject([{ id: 'S-2', detail: { churnReason: 'competitor' } }]);
  });

  it('names the invalid place in service targets', async () => {
    const serviceTargets = { urgent: { firstResponseHours: 8, resolutionHours: 1 } };
    const body = { accountId: 'A-1', startedAt: daysAgo(1), serviceTargets };
    expect(await api.call('PUT', '/v1/subscriptions/S-3', body)).toMatchObject({
      status: 400,
      body: { pointer: '/serviceTargets/urgent/resolutionHours' },
    });
  });

  it('counts a solved ticket without a date as resolved, and a reopened one as open', async () => {
    const ticket = { accountId: 'A-1', subject: 'Export fails', openedAt: daysAgo(20) };
    const solvedAt = daysAgo(10);
    const state = async (status: string, effectiveAt: string, more: object = {}) => {
      const line = JSON.stringify({ id: 'T-1', ...ticket, status, effectiveAt, ...more });
      await api.call('POST', '/v1/imports/tickets', line, { 'content-type': 'application/x-ndjson' });
      return (await page())['openTickets'];
    };
    expect(await state('open', daysAgo(20))).toBe(1);
    expect(await state('solved', solvedAt)).toBe(0);
    expect(await happened('resolved')).toMatchObject([{ id: 'T-1', at: solvedAt }]);
    expect(await happened('opened')).toMatchObject([{ detail: { subject: 'Export fails' } }]);
    expect(await state('open', daysAgo(5))).toBe(1);
    // The dates are the truth, whatever the status says.
    expect(await state('pending', daysAgo(4), { resolvedAt: daysAgo(4) })).toBe(0);
  });
});
