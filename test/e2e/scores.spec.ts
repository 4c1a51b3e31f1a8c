import { dayOf } from '../../src/platform/days.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';

const DAY = '2024-12-31';

interface Problem {
  code: string;
  detail: string;
  pointer?: string;
}
interface Item {
  id: string;
  name: string | null;
  tier: string;
  status: string;
  csm: string | null;
  mrr: { amount: number; currency: string } | null;
  health: { score: number | null; band: string; confidence: number };
  topReasons: string[];
}
interface Page {
  items: Item[];
  nextCursor: string | null;
}
interface Score {
  accountId: string;
  asOf: string;
  runId: string;
  status: string;
  health: {
    score: number;
    band: string;
    confidence: number;
    scorecard: { key: string; version: number };
    baseline: number;
    dimensions: {
      key: string;
      weight: number;
      score: number | null;
      measures: { feature: string; value: number | null; score: number | null; contribution: number }[];
    }[];
    adjustments: { kind: string; key: string; contribution: number; text: string }[];
  };
}
interface Run {
  id: string;
  status: string;
  done: number;
  total: number;
}

describe('scores', () => {
  let sut: TestApp;

  beforeAll(async () => {
    sut = await startTestApp();
    const facts = new Facts(sut.dataSource);
    const make = async (
      id: string,
      idle: number,
      fields: Record<string, unknown> = {},
      subscription: Record<string, unknown> = {},
    ): Promise<number> => {
      const account = await facts.account({ id, name: `Name of ${id}`, csm: 'ann', ...fields });
      await facts.usage(account, daysUpTo(plusDays(DAY, -idle), 90), 2);
      await facts.subscription(account, subscription);
      return account;
    };
    await make('well', 0, { tier: 'enterprise' });
    const urgent = await make('urgent', 0, { csm: 'bob' }, { mrr: 20_000 });
    await facts.ticket(urgent, { priority: 'urgent', opened_at: '2024-12-20' });
    await make('idle', 35, { name: 'idle Ähre' }, { mrr: 30_000 });
    await make('slower', 10, {}, { mrr: 20_000 });
    await make('gone', 60, {}, { ended_at: '2024-10-01' });
    await make('own', 0, { internal: true });
    await facts.account({ id: 'blank', name: null });
    await sut.dataSource.query(
      `INSERT INTO account_ref SELECT 'crm:77', account_id, 'external' FROM account WHERE id = 'idle'`,
    );
  });
  afterAll(() => sut.stop());

  const call = async <T>(path: string, body?: object): Promise<{ status: number; body: T }> => {
    const response = await fetch(`${sut.url}/v1/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${sut.key}`, 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : undefined,
    });
    return { status: response.status, body: (await response.json()) as T };
  };
  const score = async (asOf?: string): Promise<Run> => {
    const { status, body } = await call<Run>('score-runs', { asOf });
    expect([status, body.status]).toEqual([202, 'queued']);
    for (;;) {
      const { body: run } = await call<Run>(`score-runs/${body.id}`);
      if (run.status === 'succeeded' || run.status === 'failed') return run;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const list = async (query = ''): Promise<Page> => (await call<Page>(`accounts?${query}`)).body;
  const ids = async (query: string): Promise<string[]> => (await list(query)).items.map(({ id }) => id);

  it('is empty before the first run, and says what to do', async () => {
    expect(await list()).toEqual({ items: [], nextCursor: null });
    expect((await call<Problem>(`accounts?asOf=${DAY}`)).body).toMatchObject({ code: 'not_scored' });
    const { status, body } = await call<Problem>('accounts/idle/score');
    expect([status, body.code]).toEqual([404, 'not_scored']);
    expect(body.detail).toContain('POST /v1/score-runs');
  });

  it('scores all accounts as of a past day', async () => {
    expect(await score(DAY)).toMatchObject({
      status: 'succeeded',
      done: 7,
      total: 7,
      error: null,
      asOf: DAY,
    });
    const { items } = await list();
    expect(items.map(({ id }) => id)).toEqual(['idle', 'urgent', 'slower', 'well', 'blank']);
    expect(items[0]).toMatchObject({
      id: 'idle',
      name: 'idle Ähre',
      status: 'active',
      csm: 'ann',
      mrr: { amount: 30_000, currency: 'USD' },
      health: { band: 'red', confidence: expect.any(Number) },
    });
    expect(items[0]?.topReasons[0]).toBe(
      'usage over 28 days develops 100 percentage points worse than the rest of its tier',
    );
    expect(items[1]?.topReasons[0]).toBe('urgent ticket open for 12 days');
    expect(items[4]?.health).toMatchObject({ score: expect.any(Number), band: 'unknown' });
    expect(items.every(({ topReasons }) => topReasons.length <= 3)).toBe(true);
  });

  it('gives the score of an account by any of its ids, and it adds up', async () => {
    const { status, body } = await call<Score>('accounts/crm:77/score');
    expect(status).toBe(200);
    expect(body).toMatchObject({ accountId: 'idle', asOf: DAY, status: 'active' });
    const { health } = body;
    expect(health).toMatchObject({ baseline: 70, scorecard: { key: 'default', version: 1 }, band: 'red' });
    expect(health.adjustments.map(({ key }) => key)).toEqual([]);
    const parts = [...health.dimensions.flatMap(({ measures }) => measures), ...health.adjustments];
    const hundredths = parts.reduce((sum, { contribution }) => sum + Math.round(100 * contribution), 7_000);
    expect(hundredths).toBe(Math.round(100 * health.score));
    expect((await call<Score>('accounts/urgent/score')).body.health.adjustments).toEqual([
      {
        kind: 'cap',
        key: 'urgentOpen7d',
        contribution: expect.any(Number),
        text: 'an urgent ticket open for 7 days or more',
      },
    ]);
    const measure = health.dimensions[0]?.measures.find(({ feature }) => feature === 'daysSinceLastUse');
    expect(measure).toMatchObject({ value: 35, score: 0 });
  });

  it.each([
    ['sort=-health', ['well', 'slower', 'urgent', 'idle', 'blank']],
    ['sort=-mrr', ['idle', 'urgent', 'slower', 'well', 'blank']],
    ['sort=mrr', ['blank', 'well', 'urgent', 'slower', 'idle']],
    ['sort=name', ['idle', 'slower', 'urgent', 'well', 'blank']],
    ['sort=-name', ['well', 'urgent', 'slower', 'idle', 'blank']],
    ['band=unknown', ['blank']],
    ['status=churned', ['gone']],
    ['tier=enterprise', ['well']],
    ['csm=bob', ['urgent']],
    ['q=%C3%84HRE', ['idle']],
    ['q=WEL', ['well']],
    ['q=%25', []],
    ['band=red&csm=ann', ['idle']],
  ])('lists by %s', async (query, expected) => expect(await ids(query)).toEqual(expected));

  it.each(['health', '-health', 'mrr', '-mrr', 'name', '-name'])(
    'pages by %s without a gap or a repetition',
    async (sort) => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Page = await list(`sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(await ids(`sort=${sort}`));
    },
  );

  it('keeps to the day of the first page when another run ends', async () => {
    const { nextCursor } = await list('limit=1');
    await score(dayOf(new Date()));
    expect((await call<Score>('accounts/well/score')).body.asOf).toBe(dayOf(new Date()));
    expect((await list(`cursor=${nextCursor}`)).items[0]).toMatchObject({ id: 'urgent' });
    expect(await ids(`asOf=${DAY}`)).toEqual(['idle', 'urgent', 'slower', 'well', 'blank']);
    expect((await call<Score>(`accounts/well/score?asOf=${DAY}`)).body.asOf).toBe(DAY);
  });

  it('refuses what it does not understand', async () => {
    const { nextCursor } = await list('limit=1');
    const tomorrow = plusDays(dayOf(new Date()), 1);
    const answers = await Promise.all([
      call<Problem>('accounts?sort=luck'),
      call<Problem>('accounts?band=blue'),
      call<Problem>('accounts?asOf=0000-01-01'),
      call<Problem>('accounts?asOf=2024-02-30'),
      call<Problem>(`accounts?sort=name&cursor=${nextCursor}`),
      call<Problem>('score-runs', { asOf: tomorrow }),
      call<Problem>('score-runs', { asOf: '2024-13-01' }),
      call<Problem>('score-runs', { asOf: null as unknown as string }),
      call<Problem>('score-runs/12345678'),
      call<Problem>('score-runs/x'),
      call<Problem>('accounts/nobody/score'),
      call<Problem>('accounts/nobody/features'),
      call<Problem>('accounts/own/features'),
      call<Problem>(`accounts/well/features?asOf=${tomorrow}`),
    ]);
    expect(answers.map(({ status, body }) => `${status} ${body.code}`)).toEqual([
      ...Array<string>(4).fill('400 validation_failed'),
      '400 bad_cursor',
      '400 in_future',
      ...Array<string>(2).fill('400 validation_failed'),
      ...Array<string>(4).fill('404 not_found'),
      '404 not_scored',
      '400 in_future',
    ]);
  });

  it('shows the features of an account and the catalogue of all', async () => {
    const { body } = await call<{ accountId: string; features: object }>(
      `accounts/crm:77/features?asOf=${DAY}`,
    );
    expect(body).toEqual({
      accountId: 'idle',
      asOf: DAY,
      features: {
        activeDays28: 0,
        usageTrend28: -100,
        daysSinceLastUse: 35,
        oldestUrgentDays: 0,
        csat90: null,
        mrr: 30_000,
        mrrChange180: 0,
      },
    });
    const { body: catalogue } = await call<{ items: { key: string }[] }>('features');
    expect(catalogue.items.map(({ key }) => key)).toEqual(Object.keys(body.features));
  });
});
