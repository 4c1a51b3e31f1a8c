import { dayOf } from '../../src/platform/days.js';
import { SORTS } from '../../src/portfolio/list/accounts-query.dto.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';
import { scoreAsOf } from '../support/score-runs.js';

interface Item {
  id: string;
  name: string | null;
  tier: string;
  stage: string;
  status: string;
  csm: string | null;
  mrr: { amount: number } | null;
  renewsAt: string | null;
  health: { score: number | null; band: string; change30d: number | null };
  churnRisk: { probability: number } | null;
  expectedLoss: { amount: number } | null;
  ltv: { amount: number } | null;
  expansion: { probability: number | null };
}
interface Page {
  items: Item[];
  nextCursor: string | null;
}

const ACCOUNTS = 40;
const isLeaving = ({ status, expectedLoss }: Item): boolean =>
  status === 'leaving' && expectedLoss?.amount !== 0;

/** What the list is ordered by; null comes last either way. */
const VALUES: Record<string, (item: Item) => number | string | null> = {
  expectedLoss: ({ expectedLoss }) => expectedLoss?.amount ?? null,
  churnRisk: ({ churnRisk }) => churnRisk?.probability ?? null,
  health: ({ health }) => (health.band === 'unknown' ? null : health.score),
  healthChange30d: ({ health }) => health.change30d,
  mrr: ({ mrr }) => mrr?.amount ?? null,
  ltv: ({ ltv }) => ltv?.amount ?? null,
  expansion: ({ expansion }) => expansion.probability,
  renewsAt: ({ renewsAt }) => renewsAt,
  name: ({ name }) => name?.toLowerCase() ?? null,
};

describe('GET /v1/accounts', () => {
  let app: TestApp;
  let api: Client;
  let facts: Facts;
  const today = dayOf(new Date());
  const numbers = new Map<string, number>();

  const list = async (query: string): Promise<Page> =>
    (await api.call('GET', `/v1/accounts?${query}`)).body as unknown as Page;
  const ids = (items: readonly Item[]): string[] => items.map(({ id }) => id);
  /** All pages after the cursor, `''`: from the first. */
  const rest = async (query: string, cursor: string | null): Promise<Item[]> => {
    const items: Item[] = [];
    for (let next = cursor; next !== null;) {
      const page = await list(`${query}${next && `&cursor=${next}`}`);
      items.push(...page.items);
      next = page.nextCursor;
    }
    return items;
  };

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
    facts = new Facts(app.dataSource);
    for (let i = 0; i < ACCOUNTS; i++) {
      const id = `A-${i}`;
      const account = await facts.account({
        id,
        // Some without a name, some of the same name.
        name: i % 8 === 0 ? null : `${i % 2 ? 'name' : 'NAME'} ${i % 5}`,
        csm: ['ann', 'bob', null][i % 3],
        tier: ['enterprise', 'mid-market', 'smb'][i % 3],
        stage: ['onboarding', 'adopting', 'established', null][i % 4],
        internal: i === 39,
      });
      numbers.set(id, account);
      const until = plusDays(today, [-40, -3, 0][i % 3] ?? 0);
      await facts.usage(account, daysUpTo(until, [60, 90, 120][i % 3] ?? 60), 1 + (i % 4));
      await facts.record('activity', account, { kind: 'call', at: plusDays(today, -5 * i), two_way: true });
      await facts.record('survey', account, { kind: 'nps', score: i % 11, answered_at: plusDays(today, -i) });
      await facts.invoice(account, { paid_at: i % 5 === 0 ? null : '2024-11-20' });
      for (const user of i % 4 === 1 ? ['a', 'b', 'c', 'd', 'e'] : []) {
        await facts.activeUser(account, `u-${user}`, daysUpTo(today, 20));
      }
      if (i % 13 === 12) continue;
      await facts.subscription(account, {
        mrr: 1_000 * (i % 6),
        seats: 5,
        trial: i % 10 === 6,
        notice_given_at: i % 9 === 4 ? plusDays(today, -10) : null,
        // Gone for good, and within the days of grace.
        ended_at: i % 10 === 7 ? plusDays(today, -50) : i % 10 === 9 ? plusDays(today, -5) : null,
        renews_at: i % 4 === 0 ? null : plusDays(today, i % 7 === 6 ? 45 : i % 7),
      });
    }
    await scoreAsOf(app, plusDays(today, -30));
    await scoreAsOf(app, today);
  });
  afterAll(() => app.stop());

  it.each(SORTS)('orders by %s with unknown values last, and pages without gaps', async (sort) => {
    const { items, nextCursor } = await list(`sort=${sort}&limit=1000`);
    expect(nextCursor).toBeNull();
    expect(ids(await rest(`sort=${sort}&limit=3`, ''))).toEqual(ids(items));
    const valueOf = VALUES[sort.replace('-', '')] ?? (() => null);
    const leaving = sort === '-expectedLoss' ? items.filter(isLeaving) : [];
    const values = items.slice(leaving.length).map(valueOf);
    const known = values.filter((value) => value !== null);
    expect(values).toEqual([...known, ...values.filter((value) => value === null)]);
    const ascending = known.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(known).toEqual(sort.startsWith('-') ? ascending.reverse() : ascending);
    expect(new Set(known).size).toBeGreaterThan(1);
  });

  it('lists accounts that gave notice first, by MRR at stake, in the default order', async () => {
    const { items } = await list('limit=1000');
    expect(ids(items)).toEqual(ids((await list('limit=1000&sort=-expectedLoss')).items));
    const leaving = items.filter(isLeaving);
    expect(leaving.length).toBeGreaterThan(2);
    expect(ids(items.slice(0, leaving.length))).toEqual(ids(leaving));
    // Of those whose last subscription has ended nothing is left to lose.
    const ended = items.filter((item) => item.status === 'leaving' && !isLeaving(item));
    expect(ended.length).toBeGreaterThan(1);
    expect(ended.map(({ expectedLoss }) => expectedLoss?.amount)).toEqual(ended.map(() => 0));
    const losses = leaving.map(({ expectedLoss }) => expectedLoss?.amount ?? 0);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  });

  it('lists churned accounts only on request and internal ones never', async () => {
    const here = (await list('limit=1000')).items;
    const gone = (await list('limit=1000&status=churned')).items;
    expect(here.some(({ status }) => status === 'churned')).toBe(false);
    expect(gone.length).toBeGreaterThan(1);
    expect(gone.every(({ status }) => status === 'churned')).toBe(true);
    expect(ids([...here, ...gone]).sort()).toEqual([...numbers.keys()].filter((id) => id !== 'A-39').sort());
  });

  it.each<[string, (item: Item) => boolean]>([
    ['band=green', ({ health }) => health.band === 'green'],
    ['band=yellow', ({ health }) => health.band === 'yellow'],
    ['band=red', ({ health }) => health.band === 'red'],
    ['band=unknown', ({ health }) => health.band === 'unknown'],
    ['status=trial', ({ status }) => status === 'trial'],
    ['status=active', ({ status }) => status === 'active'],
    ['status=leaving', ({ status }) => status === 'leaving'],
    ['tier=mid-market', ({ tier }) => tier === 'mid-market'],
    ['stage=onboarding', ({ stage }) => stage === 'onboarding'],
    ['stage=adopting', ({ stage }) => stage === 'adopting'],
    ['stage=established', ({ stage }) => stage === 'established'],
    ['csm=bob', ({ csm }) => csm === 'bob'],
    ['csm=none', ({ csm }) => csm === null],
    ['csm=none,bob', ({ csm }) => csm === null || csm === 'bob'],
    ['csm=none&csm=bob', ({ csm }) => csm === null || csm === 'bob'],
    ['band=red,unknown', ({ health: { band } }) => band === 'red' || band === 'unknown'],
    ['status=trial,leaving', ({ status }) => status === 'trial' || status === 'leaving'],
    ['stage=onboarding,adopting,none', ({ stage }) => stage !== 'established'],
    ['renewsWithin=30', ({ renewsAt }) => renewsAt !== null && renewsAt <= plusDays(today, 30)],
    ['renewsWithin=60', ({ renewsAt }) => renewsAt !== null],
    ['q=NaMe%203', ({ name }) => name?.toLowerCase() === 'name 3'],
    ['q=a-1', ({ id }) => id.startsWith('A-1')],
    ['csm=ann&tier=enterprise&status=active', ({ csm, status }) => csm === 'ann' && status === 'active'],
    ['band=red&q=name', ({ health, name }) => health.band === 'red' && name !== null],
  ])('filters by %s, and pages what is left', async (query, isMeant) => {
    for (const sort of ['-expectedLoss', 'name']) {
      const whole = (await list(`sort=${sort}&limit=1000`)).items;
      const expected = ids(whole.filter(isMeant));
      expect(expected).not.toEqual([]);
      expect(expected.length).toBeLessThan(whole.length);
      expect(ids(await rest(`sort=${sort}&limit=2&${query}`, ''))).toEqual(expected);
    }
  });

  it.each(['csm=nobody', 'csm=bob%5C,ann', 'tier=none', 'status=none', 'q=%25', 'q=_'])(
    'finds nobody by %s',
    async (query) => {
      expect(await list(query)).toEqual({ items: [], nextCursor: null });
    },
  );

  it('does not serve items stored in the format of another release', async () => {
    const whole = await list('limit=1000');
    await app.dataSource.query(
      `UPDATE account_current SET item_version = item_version - 1, item = '{"stale": true}'`,
    );
    expect(await list('limit=1000')).toEqual(whole);
    await scoreAsOf(app, today);
    const [row] = await app.dataSource.query<object[]>(
      `SELECT FROM account_now WHERE item::text LIKE '%stale%'`,
    );
    expect(row).toBeUndefined();
  });

  it('continues where the page ended while accounts appear, move and disappear', async () => {
    const before = (await list('sort=name&limit=1000')).items;
    const first = await list('sort=name&limit=10');
    const [moved, deleted] = [before[14]?.id ?? '', before[20]?.id ?? ''];
    await app.dataSource.query(`UPDATE account_state SET name = 'a' WHERE account_id = $1`, [
      numbers.get(moved),
    ]);
    const came = await facts.account({ id: 'new', name: 'zzz' });
    await facts.usage(came, daysUpTo(today, 30));
    expect((await api.call('DELETE', `/v1/accounts/${deleted}`)).status).toBe(204);
    await scoreAsOf(app, today);
    expect((await list('sort=name&limit=1')).items[0]).toMatchObject({ id: moved, name: 'a' });

    const after = ids(await rest('sort=name&limit=7', first.nextCursor));
    const expected = ids(before.slice(10)).filter((id) => id !== moved && id !== deleted);
    const named = before.filter(({ name }) => name !== null).length - 10 - 2;
    expect(after).toEqual([...expected.slice(0, named), 'new', ...expected.slice(named)]);
  });
});
