import { RecomputeAmounts1764500500001 } from '../../migrations/1764500500001-recompute-amounts.js';
import { dayOf } from '../../src/platform/days.js';
import { Schedule } from '../../src/jobs/schedule.js';
import { ForecastService } from '../../src/portfolio/forecast/forecast.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client, clientWithScope } from '../support/client.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';
import { scoreAsOf } from '../support/score-runs.js';

interface Figure {
  expected: number;
  low: number;
  high: number;
}
interface Month {
  month: string;
  start: Figure;
  upForRenewal: number;
  renew: Figure;
  renewalRate: number | null;
  contract: Figure;
  expand: Figure;
  leave: Figure;
  end: Figure;
  accountsLeaving: Figure;
}
interface Past extends Figure {
  madeOn: string;
  month: string;
  actual: number | null;
}
interface Answer {
  madeOn: string | null;
  currency: string;
  accounts: number;
  withoutMrr: number;
  months: Month[];
  steps: { tier: string; contraction: number; expansion: number }[];
  past: Past[];
}

describe('GET /v1/portfolio/forecast', () => {
  let app: TestApp;
  let api: Client;
  let facts: Facts;
  const today = dayOf(new Date());
  const ask = async (): Promise<Answer> => {
    const { status, body } = await api.call('GET', '/v1/portfolio/forecast');
    expect(status).toBe(200);
    return body as unknown as Answer;
  };
  /** An account that pays, and is used; `subscription` with other dates than usual. */
  const customer = async (
    id: string,
    subscription: Record<string, unknown>,
    tier = 'smb',
  ): Promise<number> => {
    const account = await facts.account({ id, tier });
    await facts.usage(account, daysUpTo(today, 400), 2);
    await facts.subscription(account, subscription);
    return account;
  };
  const sum = (figures: readonly Figure[]): number =>
    figures.reduce((all, { expected }) => all + expected, 0);

  beforeEach(async () => {
    app = await startTestApp();
    api = client(app);
    facts = new Facts(app.dataSource);
  });
  afterEach(() => app.stop());

  it('is empty before the first score run', async () => {
    await customer('A', {});
    expect(await ask()).toEqual({
      madeOn: null,
      currency: 'USD',
      accounts: 0,
      withoutMrr: 0,
      months: [],
      steps: [],
      past: [],
    });
  });

  it("adds up from today's MRR and includes known churn dates", async () => {
    for (let n = 0; n < 20; n++) {
      // One in five left half a year ago, so that there is something to expect.
      const ended_at = n % 5 === 0 ? plusDays(today, -180) : null;
      await customer(`A-${n}`, { mrr: 1_000 * (n + 1), ended_at, renews_at: plusDays(today, 40) });
    }
    await customer('gone', {
      mrr: 50_000,
      notice_given_at: plusDays(today, -1),
      renews_at: plusDays(today, 40),
    });
    await customer('late', {
      mrr: 7_000,
      notice_given_at: plusDays(today, -1),
      renews_at: plusDays(today, 300),
    });
    await customer('trial', { mrr: 9_000, trial: true });
    await customer('elsewhere', { mrr: 4_000, currency: 'SEK' });
    await scoreAsOf(app, today);
    const { madeOn, accounts, withoutMrr, months, steps } = await ask();
    expect({ madeOn, accounts, withoutMrr }).toEqual({ madeOn: today, accounts: 19, withoutMrr: 1 });
    expect(steps).toEqual([{ tier: 'smb', contraction: 0.2, expansion: 0.2 }]);
    expect(months).toHaveLength(12);
    expect(months[0]?.month).toBe(plusDays(today, 1).slice(0, 7));
    const { body: summary } = await api.call('GET', '/v1/portfolio/summary');
    const { byStatus } = summary as { byStatus: Record<string, { mrr: { amount: number } }> };
    let before = (byStatus['active']?.mrr.amount ?? 0) + (byStatus['leaving']?.mrr.amount ?? 0);
    expect(before).toBe(176_000 + 57_000);
    for (const { start, leave, contract, expand, end } of months) {
      expect(start.expected).toBe(before);
      expect(start.expected - leave.expected - contract.expected + expand.expected).toBe(end.expected);
      expect(end.low).toBeLessThanOrEqual(end.expected);
      expect(end.high).toBeGreaterThanOrEqual(end.expected);
      before = end.expected;
    }
    const inMonth = (days: number) => months.find(({ month }) => month === plusDays(today, days).slice(0, 7));
    expect(inMonth(40)?.upForRenewal).toBe(176_000 + 50_000);
    expect(inMonth(40)?.leave.low).toBeGreaterThanOrEqual(50_000);
    expect(inMonth(40)?.renew.expected).toBeLessThan(176_000);
    expect(inMonth(40)?.renew.expected).toBeGreaterThan(100_000);
    expect(inMonth(40)?.renewalRate).toBeCloseTo((inMonth(40)?.renew.expected ?? 0) / 226_000, 4);
    expect(inMonth(90)?.leave.low).toBeGreaterThanOrEqual(7_000);
    expect(sum(months.map(({ leave }) => leave))).toBeGreaterThan(57_000);
    expect(sum(months.map(({ accountsLeaving }) => accountsLeaving))).toBeGreaterThan(2);
  });

  it('does not write on reads, and returns the same once stored', async () => {
    const account = await customer('A', { mrr: 1_000 });
    await scoreAsOf(app, today);
    const stored = async () => app.dataSource.query<unknown[]>('SELECT made_on, at FROM forecast');
    const [first] = await Promise.all([ask(), ask(), ask()]);
    expect(await stored()).toEqual([]);
    const job = app.app.get(ForecastService);
    await job.keep();
    const made = await stored();
    expect(made).toHaveLength(1);
    expect(await ask()).toEqual(first);
    await job.keep();
    expect(await stored()).toEqual(made);
    await app.dataSource.query('UPDATE subscription SET mrr = 3000 WHERE account_id = $1', [account]);
    await scoreAsOf(app, today);
    expect((await ask()).months[0]?.start.expected).toBe(3_000);
    expect(await stored()).toEqual(made);
    await job.keep();
    expect(await stored()).not.toEqual(made);
    expect((await ask()).months[0]?.start.expected).toBe(3_000);
  });

  it('is computed every night', async () => {
    await customer('A', {});
    await scoreAsOf(app, today);
    await app.dataSource.query(`DELETE FROM job_slot WHERE job = 'forecast'`);
    await app.dataSource.query(
      `INSERT INTO job_slot (job, slot) VALUES ('forecast', now() - interval '3 days')`,
    );
    await app.dataSource.query('DELETE FROM forecast');
    await app.app.get(Schedule).takeSlots();
    let rows: unknown[] = [];
    while (rows.length === 0) {
      await app.app.get(Schedule).runJobs();
      rows = await app.dataSource.query<unknown[]>('SELECT made_on FROM forecast');
    }
    expect(rows).toEqual([{ made_on: today }]);
  });

  it('uses the median change of a tier when there were enough', async () => {
    for (let n = 0; n < 12; n++) {
      const account = await facts.account({ id: `S-${n}`, tier: n < 11 ? 'smb' : 'enterprise' });
      const since = plusDays(today, -100);
      const state = { id: `S-${n}`, currency: 'USD', started_at: plusDays(today, -900) };
      await facts.record('subscription', account, { ...state, mrr: 1_000, valid_to: since });
      await facts.record('subscription', account, { ...state, mrr: 700, valid_from: since });
    }
    await scoreAsOf(app, today);
    const { steps } = await ask();
    expect(steps).toEqual([
      { tier: 'enterprise', contraction: expect.closeTo(0.3, 6), expansion: 0.2 },
      { tier: 'smb', contraction: expect.closeTo(0.3, 6), expansion: 0.2 },
    ]);
  });

  it('compares the forecast with the actual outcome', async () => {
    const months = [4, 3, 2, 1].map((back) => {
      const first = new Date(`${today.slice(0, 7)}-01T00:00:00Z`);
      first.setUTCMonth(first.getUTCMonth() - back);
      return dayOf(first);
    });
    const [first = '', second = '', third = '', fourth = ''] = months;
    const madeOn = plusDays(first, -1);
    await customer('stays', { mrr: 1_000 });
    await customer('goes', { mrr: 500, ended_at: plusDays(second, 10) });
    await customer('comes', { mrr: 9_000, started_at: plusDays(first, 5) });
    await scoreAsOf(app, madeOn);
    await app.app.get(ForecastService).keep();
    const { past, months: ahead } = await ask();
    expect(ahead[0]?.start.expected).toBe(1_500);
    expect(past.map(({ month, actual }) => [month, actual])).toEqual([
      [fourth.slice(0, 7), 1_000],
      [third.slice(0, 7), 1_000],
      [second.slice(0, 7), 1_000],
      [first.slice(0, 7), 1_500],
    ]);
    expect(past.every((one) => one.madeOn === madeOn)).toBe(true);
    const { end } = ahead[1] ?? {};
    expect(past[2]).toMatchObject({ ...end });

    await scoreAsOf(app, plusDays(third, -1));
    await app.app.get(ForecastService).keep();
    const later = await ask();
    expect(later.past.map(({ madeOn: on }) => on)).toEqual([
      plusDays(third, -1),
      plusDays(third, -1),
      madeOn,
      madeOn,
    ]);
    expect(later.past[0]?.actual).toBe(10_000);
  });

  it('computes the actual MRR of past months again after it was reset', async () => {
    const first = new Date(`${today.slice(0, 7)}-01T00:00:00Z`);
    first.setUTCMonth(first.getUTCMonth() - 9);
    const month = dayOf(first);
    await customer('A', { mrr: 1_000 });
    await scoreAsOf(app, plusDays(month, -1));
    await app.app.get(ForecastService).keep();
    const actual = async () => (await ask()).past.find((one) => one.month === month.slice(0, 7))?.actual;
    await app.dataSource.query('UPDATE forecast_month SET actual = 7 WHERE month = $1', [month]);
    await app.app.get(ForecastService).keep();
    expect(await actual()).toBe(7);
    const runner = app.dataSource.createQueryRunner();
    await new RecomputeAmounts1764500500001().up(runner);
    await runner.release();
    await app.app.get(ForecastService).keep();
    expect(await actual()).toBe(1_000);
    const stored = await app.dataSource.query(
      'SELECT actual, actual_at IS NOT NULL AS settled FROM forecast_month WHERE month = $1',
      [month],
    );
    expect(stored).toEqual([{ actual: 1_000, settled: true }]);
  });

  it('handles extreme values', async () => {
    for (const id of ['A', 'B', 'C']) await customer(id, { mrr: 9_000_000_000_000_000 });
    await scoreAsOf(app, today);
    expect((await ask()).months[0]?.start.expected).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('requires the scope read', async () => {
    expect((await (await clientWithScope(app, 'ingest')).call('GET', '/v1/portfolio/forecast')).status).toBe(
      403,
    );
  });
});
