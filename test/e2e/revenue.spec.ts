import fc from 'fast-check';
import { client, type Client } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/app.js';

interface Sub {
  id: string;
  accountId: string;
  startedAt: string;
  endedAt?: string | null;
  mrr?: number;
  currency?: string;
  trial?: boolean;
  effectiveAt?: string;
}

const DAY_MS = 86_400_000;
const day = (n: number): string => new Date(Date.UTC(2025, 0, 1) + n * DAY_MS).toISOString().slice(0, 10);
const ndjson = { 'content-type': 'application/x-ndjson' };

async function send(api: Client, kind: string, records: readonly object[]): Promise<void> {
  const body = records.map((record) => JSON.stringify(record)).join('\n');
  const answer = await api.call('POST', `/v1/imports/${kind}`, body, ndjson);
  expect(answer.body).toMatchObject({ received: records.length, quarantined: 0, rejected: 0 });
}

describe('GET /v1/portfolio/revenue', () => {
  let app: TestApp;
  let api: Client;
  const ask = async (query: string) => (await api.call('GET', `/v1/portfolio/revenue?${query}`)).body;
  const sub = (id: string, accountId: string, startedAt: string, rest: Partial<Sub> = {}): Sub => ({
    id,
    accountId,
    startedAt,
    mrr: 1_000,
    currency: 'USD',
    ...rest,
  });

  beforeEach(async () => {
    app = await startTestApp();
    api = client(app);
  });
  afterEach(() => app.stop());

  const accounts = (...ids: string[]) =>
    send(
      api,
      'accounts',
      ids.map((id) => ({ id })),
    );

  it('counts a subscription from its start, inclusive, to its end, exclusive', async () => {
    await accounts('A');
    await send(api, 'subscriptions', [
      sub('S', 'A', '2025-03-01', { endedAt: '2025-04-01' }),
      sub('T', 'A', '2025-03-01', { endedAt: '2025-03-31', trial: true }),
      sub('Z', 'A', '2025-03-05', { endedAt: '2025-03-05' }),
    ]);
    const running = async (asOf: string) => {
      const { mrr, subscriptions, accounts } = await ask(`asOf=${asOf}`);
      return [(mrr as { amount: number }).amount, subscriptions, accounts];
    };
    expect(await running('2025-02-28')).toEqual([0, 0, 0]);
    expect(await running('2025-03-01')).toEqual([1_000, 2, 1]);
    expect(await running('2025-03-30')).toEqual([1_000, 2, 1]);
    expect(await running('2025-03-31')).toEqual([1_000, 1, 1]);
    expect(await running('2025-04-01')).toEqual([0, 0, 0]);
  });

  it('classifies each movement of an account', async () => {
    await accounts('New', 'More', 'Less', 'Gone', 'Back', 'Tried', 'Same');
    const before = '2025-01-10';
    await send(api, 'subscriptions', [
      sub('n', 'New', '2025-02-10', { mrr: 10 }),
      sub('m', 'More', before),
      sub('m', 'More', before, { mrr: 1_200, effectiveAt: '2025-02-10' }),
      sub('l', 'Less', before),
      sub('l', 'Less', before, { mrr: 400, effectiveAt: '2025-02-10' }),
      sub('g', 'Gone', before, { endedAt: '2025-02-20', mrr: 70 }),
      sub('b1', 'Back', '2025-01-01', { endedAt: '2025-01-15' }),
      sub('b2', 'Back', '2025-02-10', { mrr: 3_000 }),
      sub('t1', 'Tried', '2025-01-01', { endedAt: '2025-01-15', trial: true }),
      sub('t2', 'Tried', '2025-02-10', { mrr: 50_000 }),
      sub('s', 'Same', before),
    ]);
    expect(await ask('from=2025-01-31&to=2025-02-28')).toEqual({
      currency: 'USD',
      asOf: '2025-02-28',
      mrr: { amount: 55_610, currency: 'USD' },
      subscriptions: 6,
      accounts: 6,
      start: {
        asOf: '2025-01-31',
        mrr: { amount: 3_070, currency: 'USD' },
        subscriptions: 4,
        accounts: 4,
      },
      end: {
        asOf: '2025-02-28',
        mrr: { amount: 55_610, currency: 'USD' },
        subscriptions: 6,
        accounts: 6,
      },
      movements: { new: 50_010, expansion: 200, contraction: -600, churn: -70, reactivation: 3_000 },
    });
  });

  it('treats a free period of a customer neither as churn nor as a return', async () => {
    await accounts('Paused', 'Tries', 'Resumed', 'Again');
    await send(api, 'subscriptions', [
      sub('p', 'Paused', '2025-01-10'),
      sub('p', 'Paused', '2025-01-10', { mrr: 0, effectiveAt: '2025-02-10' }),
      sub('t1', 'Tries', '2025-01-10', { endedAt: '2025-02-10', mrr: 300 }),
      sub('t2', 'Tries', '2025-02-12', { trial: true }),
      sub('r', 'Resumed', '2025-01-01'),
      sub('r', 'Resumed', '2025-01-01', { mrr: 0, effectiveAt: '2025-01-20' }),
      sub('r', 'Resumed', '2025-01-01', { mrr: 70, effectiveAt: '2025-02-20' }),
      sub('a1', 'Again', '2024-06-01', { endedAt: '2024-07-01' }),
      sub('a2', 'Again', '2025-01-10', { trial: true }),
      sub('a2', 'Again', '2025-01-10', { mrr: 5, trial: false, effectiveAt: '2025-02-10' }),
    ]);
    expect(await ask('from=2025-01-31&to=2025-02-28')).toMatchObject({
      start: { mrr: { amount: 1_300 } },
      end: { mrr: { amount: 75 } },
      movements: { new: 0, expansion: 70, contraction: -1_300, churn: 0, reactivation: 5 },
    });
  });

  it('uses the digits of ISO 4217', async () => {
    await accounts('A');
    await send(api, 'subscriptions', [
      sub('h', 'A', '2025-01-01', { currency: 'HUF', mrr: 1_000_000 }),
      sub('i', 'A', '2025-01-01', { currency: 'IDR', mrr: 100_000_000 }),
      sub('y', 'A', '2025-01-01', { currency: 'JPY', mrr: 1_000 }),
      sub('k', 'A', '2025-01-01', { currency: 'KWD', mrr: 10_000 }),
    ]);
    const rate = (base: string, value: number) => ({ base, quote: 'USD', day: '2025-01-01', rate: value });
    await api.call('PUT', '/v1/exchange-rates', {
      rates: [rate('HUF', 0.0028), rate('IDR', 0.00006), rate('JPY', 0.007), rate('KWD', 3.25)],
    });
    expect(await ask('asOf=2025-01-31')).toMatchObject({ mrr: { amount: 2_800 + 6_000 + 700 + 3_250 } });
  });

  it('excludes internal and merged accounts and counts merged revenue once', async () => {
    await accounts('A', 'B');
    await send(api, 'accounts', [{ id: 'Own', internal: true }]);
    await send(api, 'subscriptions', [
      sub('a', 'A', '2025-01-01'),
      sub('b', 'B', '2025-01-01', { mrr: 300 }),
      sub('o', 'Own', '2025-01-01', { mrr: 9_999 }),
    ]);
    const merged = await api.call('POST', '/v1/accounts/B/merge', { into: 'A' });
    expect(merged.status).toBeLessThan(300);
    expect(await ask('asOf=2025-06-01')).toMatchObject({
      mrr: { amount: 1_300 },
      subscriptions: 2,
      accounts: 1,
    });
  });

  it('converts at the latest rate up to the day and names a missing one', async () => {
    await accounts('A');
    await send(api, 'subscriptions', [
      sub('e', 'A', '2025-01-01', { currency: 'EUR' }),
      sub('y', 'A', '2025-01-01', { currency: 'JPY', mrr: 1_000 }),
    ]);
    await api.call('PUT', '/v1/exchange-rates', {
      rates: [
        { base: 'EUR', quote: 'USD', day: '2025-01-01', rate: 1.1 },
        { base: 'EUR', quote: 'USD', day: '2025-02-01', rate: 1.2 },
        { base: 'JPY', quote: 'USD', day: '2025-02-01', rate: 0.007 },
      ],
    });
    expect(await ask('asOf=2025-01-31')).toMatchObject({
      code: 'missing_exchange_rate',
      base: 'JPY',
      quote: 'USD',
    });
    expect(await ask('asOf=2025-02-01')).toMatchObject({ mrr: { amount: 1_900 } });
    expect(await ask('from=2025-01-31&to=2025-02-01')).toMatchObject({
      start: { mrr: { amount: 1_900 } },
      movements: { new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0 },
    });
  });

  it('rejects invalid days, naming the parameter', async () => {
    const refused = async (query: string) => {
      const { status, code, pointer } = await ask(query);
      return [status, code, pointer];
    };
    expect(await refused('asOf=2999-01-01')).toEqual([400, 'in_future', '/asOf']);
    expect(await refused('from=2025-02-30')).toEqual([400, 'validation_failed', '/from']);
    expect(await refused('from=2025-02-02&to=2025-02-01')).toEqual([400, 'out_of_range', '/from']);
    expect(await refused('to=2025-02-01')).toEqual([400, 'missing', '/from']);
    expect(await refused('asOf=2025-02-01&from=2025-01-01')).toEqual([400, 'not_allowed', '/asOf']);
    expect((await refused('asOf=soon'))[0]).toBe(400);
  });

  it('agrees with a naive implementation on random subscriptions, and its movements add up', async () => {
    const DAYS = 60;
    const change = fc.record({ at: fc.nat(DAYS), mrr: fc.nat(5) });
    const subs = fc.sample(
      fc.record({
        account: fc.nat(29),
        start: fc.nat(DAYS),
        length: fc.option(fc.nat(DAYS)),
        mrr: fc.nat(5),
        trial: fc.boolean(),
        changes: fc.array(change, { maxLength: 3 }),
      }),
      { numRuns: 120, seed: 7 },
    );
    await accounts(...Array.from({ length: 30 }, (_, i) => `A${i}`));
    const statements = subs.map(({ start, mrr, changes }) =>
      [{ at: start, mrr }, ...changes].reduce(
        (byDay, one) => byDay.set(one.at, one.mrr),
        new Map<number, number>(),
      ),
    );
    await send(
      api,
      'subscriptions',
      subs.flatMap(({ account, start, length, trial }, i) =>
        [...(statements[i] ?? [])].map(([at, mrr]) => ({
          id: `S${i}`,
          accountId: `A${account}`,
          startedAt: day(start),
          endedAt: length === null ? null : day(start + length),
          trial,
          mrr,
          currency: 'USD',
          effectiveAt: day(at),
        })),
      ),
    );

    const endOf = (s: (typeof subs)[number]) => (s.length === null ? Infinity : s.start + s.length);
    /** MRR of a subscription at the end of day n; null: it does not run. */
    const priceAt = (i: number, n: number): number | null => {
      const s = subs[i];
      if (!s || s.start > n || endOf(s) <= n) return null;
      const known = [...(statements[i] ?? [])].sort(([a], [b]) => a - b);
      const last = known.filter(([at]) => at <= n).at(-1) ?? known[0];
      return s.trial ? 0 : (last?.[1] ?? 0);
    };
    const paidBefore = (i: number, n: number) =>
      Array.from({ length: n }, (_, m) => priceAt(i, m) ?? 0).some((price) => price > 0);
    const ofAccount = (account: number) => subs.flatMap((s, i) => (s.account === account ? [i] : []));
    /** MRR of an account at the end of day n. */
    const mrrOf = (account: number, n: number): number =>
      ofAccount(account).reduce((sum, i) => sum + (priceAt(i, n) ?? 0), 0);
    /** Whether it is a customer at the end of day n: it pays, or is in a free period. */
    const isCustomer = (account: number, n: number): boolean =>
      ofAccount(account).some((i) => {
        const price = priceAt(i, n);
        const start = subs[i]?.start ?? 0;
        const tookOver = ofAccount(account).some((j) => {
          const other = subs[j];
          const end = other ? endOf(other) : Infinity;
          if (j === i || !other || other.start >= start || end > n || !paidBefore(j, end)) return false;
          return end <= start + 1 && end > start - 30;
        });
        return price !== null && (price > 0 || paidBefore(i, n) || tookOver);
      });
    const all = Array.from({ length: 30 }, (_, i) => i);
    const pairs = fc.sample(fc.tuple(fc.nat(DAYS), fc.nat(DAYS)), { numRuns: 40, seed: 11 });
    for (const pair of pairs) {
      const [from = 0, to = 0] = [...pair].sort((a, b) => a - b);
      const expected = { new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0 };
      for (const account of all) {
        const [a, b] = [mrrOf(account, from), mrrOf(account, to)];
        const earlier = Array.from({ length: from }, (_, n) => mrrOf(account, n)).some((mrr) => mrr > 0);
        if (a === 0 && earlier) expected[isCustomer(account, from) ? 'expansion' : 'reactivation'] += b;
        else if (a === 0) expected.new += b;
        else if (b === 0) expected[isCustomer(account, to) ? 'contraction' : 'churn'] -= a;
        else expected[b > a ? 'expansion' : 'contraction'] += b - a;
      }
      const sum = (n: number) => all.reduce((total, account) => total + mrrOf(account, n), 0);
      const answer = await ask(`from=${day(from)}&to=${day(to)}`);
      expect(answer).toMatchObject({
        start: { mrr: { amount: sum(from) } },
        end: { mrr: { amount: sum(to) } },
        movements: expected,
      });
      const moved = Object.values(answer.movements as Record<string, number>).reduce((a, b) => a + b, 0);
      expect(moved).toBe(sum(to) - sum(from));
    }
  });
});
