import { dayOf } from '../../src/platform/days.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client, clientWithScope } from '../support/client.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';
import { scoreAsOf } from '../support/score-runs.js';

/** About what is usual here. */
const ALERT = 0.02;

interface Tally {
  accounts: number;
  mrr: { amount: number; currency: string };
}
interface Mover {
  id: string;
  name: string | null;
  change: number;
  topReason: { text: string } | null;
}
interface Summary {
  asOf: string | null;
  scoredAt: string | null;
  total: Tally;
  withoutMrr: number;
  byBand: Record<string, Tally>;
  byStatus: Record<string, Tally>;
  atRisk: Tally & { threshold: number; expectedLoss: { amount: number; currency: string } };
  leaving: Tally;
  movers: { up: Mover[]; down: Mover[] };
  renewals: (Tally & { withinDays: number; red: Tally; atRisk: Tally; leaving: Tally })[];
}
interface Item {
  id: string;
  status: string;
  tier: string;
  csm: string | null;
  mrr: { amount: number } | null;
  renewsAt: string | null;
  health: { band: string; change30d: number | null };
  churnRisk: { probability: number } | null;
  expectedLoss: { amount: number } | null;
}

describe('GET /v1/portfolio/summary', () => {
  let app: TestApp;
  let api: Client;
  const today = dayOf(new Date());
  const ask = async (query = ''): Promise<Summary> =>
    (await api.call('GET', `/v1/portfolio/summary?${query}`)).body as unknown as Summary;

  /** What the list says of the same accounts. */
  const listed = async (query: string): Promise<Item[]> => {
    const both = await Promise.all(
      ['', '&status=churned'].map((status) => api.call('GET', `/v1/accounts?limit=1000&${query}${status}`)),
    );
    return both.flatMap(({ body }) => body['items'] as Item[]);
  };
  const tally = (items: Item[]): Tally => ({
    accounts: items.length,
    mrr: { amount: items.reduce((sum, { mrr }) => sum + (mrr?.amount ?? 0), 0), currency: 'USD' },
  });

  const fill = async (day: string): Promise<void> => {
    const facts = new Facts(app.dataSource);
    for (let i = 0; i < 36; i++) {
      const account = await facts.account({
        id: `A-${i}`,
        name: i === 3 ? null : `Name ${i}`,
        csm: ['ann', 'bob', null][i % 3],
        tier: i % 4 === 0 ? 'enterprise' : 'smb',
        internal: i === 35,
      });
      // Some stopped, some began, some go on.
      const active = i % 3 === 0 ? daysUpTo(plusDays(day, -25), 90) : daysUpTo(day, i % 3 === 1 ? 20 : 120);
      await facts.usage(account, active, 3);
      await facts.record('activity', account, { kind: 'call', at: plusDays(day, -9 * i), two_way: true });
      await facts.record('survey', account, { kind: 'nps', score: i % 11, answered_at: plusDays(day, -i) });
      await facts.record('invoice', account, {
        issued_at: plusDays(day, -60),
        due_at: plusDays(day, -40),
        paid_at: i % 3 === 0 ? null : plusDays(day, -45),
        amount: 100,
        currency: 'USD',
      });
      await facts.subscription(account, {
        mrr: 1_000 * (i + 1),
        currency: i === 2 ? 'SEK' : 'USD',
        trial: i % 12 === 5,
        notice_given_at: i % 9 === 4 ? plusDays(day, -10) : null,
        ended_at: i % 10 === 7 ? plusDays(day, -50) : null,
        renews_at: plusDays(day, 5 * i - 10),
      });
    }
  };

  const expectSums = async (query: string, day: string): Promise<void> => {
    const summary = await ask(query);
    const all = await listed(query);
    const there = all.filter(({ status }) => status !== 'churned');
    expect(there.length).toBeGreaterThan(5);
    expect(summary.total).toEqual(tally(there));
    expect(summary.withoutMrr).toBe(there.filter(({ mrr }) => mrr === null).length);
    for (const band of ['green', 'yellow', 'red', 'unknown']) {
      expect(summary.byBand[band]).toEqual(tally(there.filter(({ health }) => health.band === band)));
    }
    for (const status of ['trial', 'active', 'leaving', 'churned']) {
      expect(summary.byStatus[status]).toEqual(tally(all.filter((item) => item.status === status)));
    }
    const isAtRisk = ({ churnRisk }: Item) => (churnRisk?.probability ?? 0) >= ALERT;
    const atRisk = there.filter(isAtRisk);
    const loss = atRisk.reduce((sum, { expectedLoss }) => sum + (expectedLoss?.amount ?? 0), 0);
    if (query === '') expect(atRisk.length).toBeGreaterThan(0);
    expect(summary.atRisk).toEqual({
      threshold: ALERT,
      ...tally(atRisk),
      expectedLoss: { amount: loss, currency: 'USD' },
    });
    expect(summary.leaving).toEqual(summary.byStatus['leaving']);
    expect(summary.renewals).toEqual(
      [30, 60, 90].map((withinDays) => {
        const due = there.filter(
          ({ renewsAt }) => renewsAt !== null && renewsAt >= day && renewsAt <= plusDays(day, withinDays),
        );
        return {
          withinDays,
          ...tally(due),
          red: tally(due.filter(({ health }) => health.band === 'red')),
          atRisk: tally(due.filter(isAtRisk)),
          leaving: tally(due.filter(({ status }) => status === 'leaving')),
        };
      }),
    );
  };

  beforeEach(async () => {
    app = await startTestApp({ riskAlert: ALERT });
    api = client(app);
  });
  afterEach(() => app.stop());

  it('is zero before the first run', async () => {
    const summary = await ask();
    const none = { accounts: 0, mrr: { amount: 0, currency: 'USD' } };
    expect(summary).toMatchObject({ asOf: null, scoredAt: null, total: none, leaving: none });
    expect(summary.movers).toEqual({ up: [], down: [] });
    expect(summary.byBand).toEqual({ green: none, yellow: none, red: none, unknown: none });
  });

  it('adds up to the list, in total and by CSM and tier', async () => {
    await fill(today);
    await scoreAsOf(app, plusDays(today, -30));
    await scoreAsOf(app, today);
    for (const query of ['', 'csm=ann', 'tier=smb', 'csm=bob&tier=smb']) await expectSums(query, today);
    const { asOf, scoredAt, byStatus } = await ask();
    expect([asOf, dayOf(new Date(scoredAt ?? 0))]).toEqual([today, today]);
    for (const { accounts } of Object.values(byStatus)) expect(accounts).toBeGreaterThan(0);
    expect((await ask()).withoutMrr).toBe(1);
    expect((await ask('csm=nobody')).total.accounts).toBe(0);
    for (const { withinDays, accounts } of (await ask()).renewals) {
      expect(
        (await listed(`renewsWithin=${withinDays}`)).filter(({ status }) => status !== 'churned'),
      ).toHaveLength(accounts);
    }

    const { movers } = await ask();
    const changes = (await listed(''))
      .filter(({ status }) => status !== 'churned')
      .map(({ health }) => health.change30d ?? 0)
      .sort((a, b) => a - b);
    expect(movers.down.map(({ change }) => change)).toEqual(changes.filter((one) => one < 0).slice(0, 10));
    expect(movers.up.map(({ change }) => change)).toEqual(
      changes
        .filter((one) => one > 0)
        .slice(-10)
        .reverse(),
    );
    expect(movers.down.length).toBeGreaterThan(0);
    for (const { id, topReason } of movers.down) {
      const path = `/v1/accounts/${id}/score-changes?from=${plusDays(today, -30)}&to=${today}`;
      const { health } = (await api.call('GET', path)).body as unknown as {
        health: { parts: { contribution: number; text: string }[] };
      };
      expect(topReason).toEqual(health.parts.find(({ contribution }) => contribution < 0));
    }
  });

  it('counts accounts at or above the alert threshold as at risk', async () => {
    await fill(today);
    await scoreAsOf(app, today);
    await app.dataSource.query('UPDATE account_current SET churn_risk = 0');
    const at = (risk: number, accounts: number) =>
      app.dataSource.query(
        `UPDATE account_current SET churn_risk = $1 WHERE account_id IN
           (SELECT account_id FROM account_current WHERE status = 1 AND churn_risk = 0 ORDER BY account_id LIMIT $2)`,
        [risk, accounts],
      );
    await at(200, 3);
    await at(199, 2);
    expect((await ask()).atRisk).toMatchObject({ threshold: ALERT, accounts: 3 });
  });

  it('shows the newest stored day when today was not scored, like the list', async () => {
    await fill('2024-12-31');
    await scoreAsOf(app, '2024-12-31');
    await expectSums('', '2024-12-31');
    await expectSums('tier=smb', '2024-12-31');
    expect((await ask()).asOf).toBe('2024-12-31');
  });

  it('requires the scope read and rejects unknown parameters', async () => {
    const call = async (scope: string) =>
      (await (await clientWithScope(app, scope)).call('GET', '/v1/portfolio/summary')).status;
    expect([await call('read'), await call('ingest')]).toEqual([200, 403]);
    expect((await api.call('GET', '/v1/portfolio/summary?band=red')).status).toBe(400);
  });
});
