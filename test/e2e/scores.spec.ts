import { dayOf } from '../../src/platform/days.js';
import type { AccountList } from '../../src/portfolio/list/account-list.dto.js';
import { SORTS } from '../../src/portfolio/list/accounts-query.dto.js';
import type { AccountScore } from '../../src/portfolio/scores/score.dto.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';

const DAY = '2024-12-31';
/** Notice given first, then by what leaving would cost; last of whom nothing can be told. */
const BY_LOSS = ['leaves', 'idle', 'slower', 'urgent', 'well', 'blank', 'tries'];

interface Problem {
  code: string;
  detail: string;
  pointer?: string;
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
    /** With `users` of 10 licences in use until so many days before, and its invoice paid: enough for a band. */
    const make = async (
      id: string,
      { idle = 0, users = 5, ...fields }: Record<string, unknown> & { idle?: number; users?: number },
      subscription: Record<string, unknown> = {},
    ): Promise<number> => {
      const account = await facts.account({ id, name: `Name of ${id}`, csm: 'ann', ...fields });
      const days = daysUpTo(plusDays(DAY, -idle), 90);
      await facts.usage(account, days, 2);
      for (let user = 1; user <= users; user++) await facts.activeUser(account, `${id}-${user}`, days);
      await facts.subscription(account, { seats: 10, ...subscription });
      await facts.invoice(account);
      return account;
    };
    const well = await make(
      'well',
      { tier: 'enterprise', users: 9 },
      { renews_at: '2025-03-01', term_months: 12 },
    );
    await facts.record('contact', well, { id: 'C-1', role: 'champion', user_ids: ['well-1'] });
    await facts.record('survey', well, { kind: 'nps', score: 9, answered_at: '2024-12-01' });
    const urgent = await make('urgent', { csm: 'bob', users: 10 }, { mrr: 20_000 });
    await facts.ticket(urgent, { priority: 'urgent', opened_at: '2024-12-20' });
    await make('idle', { idle: 35, name: 'idle Ähre' }, { mrr: 30_000 });
    await make('slower', { idle: 10 }, { mrr: 20_000 });
    await make('leaves', { tier: 'mid-market' }, { mrr: 5_000, notice_given_at: '2024-12-01' });
    await make('gone', { idle: 60 }, { ended_at: '2024-10-01' });
    await make('own', { internal: true });
    const tries = await facts.account({ id: 'tries', name: null, stage: 'onboarding' });
    await facts.subscription(tries, { trial: true, started_at: '2024-12-20' });
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
  const list = async (query = ''): Promise<AccountList> =>
    (await call<AccountList>(`accounts?${query}`)).body;
  const ids = async (query: string): Promise<string[]> => (await list(query)).items.map(({ id }) => id);

  it('is empty before the first run and explains what to do', async () => {
    expect(await list()).toEqual({ items: [], nextCursor: null });
    expect((await call<Problem>(`accounts?asOf=${DAY}`)).body).toMatchObject({ code: 'not_scored' });
    const { status, body } = await call<Problem>('accounts/idle/score');
    expect([status, body.code]).toEqual([404, 'not_scored']);
    expect(body.detail).toContain('POST /v1/score-runs');
  });

  it('scores all accounts as of a past day', async () => {
    expect(await score(DAY)).toMatchObject({
      status: 'succeeded',
      done: 9,
      total: 9,
      error: null,
      asOf: DAY,
    });
    const { items } = await list();
    expect(items.map(({ id }) => id)).toEqual(BY_LOSS);
    expect(items[1]).toEqual({
      id: 'idle',
      name: 'idle Ähre',
      tier: 'smb',
      stage: 'established',
      status: 'active',
      csm: 'ann',
      mrr: { amount: 30_000, currency: 'USD' },
      renewsAt: null,
      health: {
        score: expect.any(Number),
        band: 'red',
        confidence: expect.any(Number),
        change30d: null,
      },
      churnRisk: {
        probability: expect.any(Number),
        probability12m: expect.any(Number),
        basis: 'prior',
      },
      expectedLoss: { amount: expect.any(Number), currency: 'USD' },
      ltv: { amount: expect.any(Number), currency: 'USD' },
      expansion: { probability: expect.any(Number), signals: [], hold: null },
      topReasons: [
        {
          of: 'health',
          feature: 'licenceUse28',
          value: 0,
          contribution: expect.any(Number),
          code: 'licenceUse28',
          text: '0% of licenses in use',
        },
        expect.objectContaining({ value: -100, text: 'usage down 100 points against its tier' }),
        expect.objectContaining({ value: 35, text: 'no usage for 35 days' }),
      ],
    });
    const bands = Object.fromEntries(items.map(({ id, health }) => [id, health.band]));
    expect(bands).toEqual({
      leaves: 'red',
      idle: 'red',
      slower: 'yellow',
      urgent: 'red',
      well: 'green',
      blank: 'unknown',
      tries: 'unknown',
    });
    const of = (id: string) => items.find((item) => item.id === id);
    expect(of('urgent')?.topReasons[0]).toMatchObject({
      code: 'oldestUrgentDays',
      text: 'urgent ticket open for 12 days',
    });
    expect(of('leaves')).toMatchObject({
      status: 'leaving',
      churnRisk: null,
      topReasons: expect.arrayContaining([expect.objectContaining({ text: 'notice given' })]),
    });
    expect(of('leaves')?.topReasons[0]).toMatchObject({
      of: 'status',
      code: 'noticeGiven',
      text: 'notice given',
    });
    expect(of('well')).toMatchObject({
      renewsAt: '2025-03-01',
      expansion: { signals: ['licencesNearlyUsed'], hold: null },
    });
    expect(of('urgent')?.expansion).toMatchObject({ signals: ['licencesNearlyUsed'], hold: 'red' });
    expect(of('tries')).toMatchObject({ status: 'trial', stage: 'onboarding', churnRisk: null, ltv: null });
    expect(items.every(({ topReasons }) => topReasons.length <= 3)).toBe(true);
  });

  it('returns a score that adds up under any id of the account', async () => {
    const { status, body } = await call<AccountScore>('accounts/crm:77/score');
    expect(status).toBe(200);
    expect(body).toMatchObject({ accountId: 'idle', asOf: DAY, status: 'active' });
    const { health } = body;
    expect(health).toMatchObject({
      baseline: 70,
      scorecard: { key: 'default-smb', version: 1 },
      band: 'red',
    });
    expect(health.adjustments.map(({ key }) => key)).toEqual([]);
    const parts = [...health.dimensions.flatMap(({ measures }) => measures), ...health.adjustments];
    const hundredths = parts.reduce((sum, { contribution }) => sum + Math.round(100 * contribution), 7_000);
    expect(hundredths).toBe(Math.round(100 * (health.score ?? 0)));
    expect((await call<AccountScore>('accounts/urgent/score')).body.health.adjustments).toEqual([
      {
        kind: 'cap',
        key: 'urgentOpen7d',
        feature: 'oldestUrgentDays',
        value: 12,
        contribution: expect.any(Number),
        code: 'cap.urgentOpen7d',
        text: 'an urgent ticket open for 7 days or more',
      },
    ]);
    const measure = health.dimensions[0]?.measures.find(({ feature }) => feature === 'daysSinceLastUse');
    expect(measure).toMatchObject({ value: 35, score: 0 });
    const adoption = health.dimensions[0]?.measures.map(({ feature }) => feature) ?? [];
    expect(adoption.filter((feature) => feature === 'licencesAssigned')).toHaveLength(1);
  });

  it('returns the risk as a sum of its contributions', async () => {
    const { churnRisk: risk } = (await call<AccountScore>('accounts/idle/score')).body;
    if (!risk) throw new Error('not predicted');
    expect(risk).toMatchObject({ horizonDays: 90, basis: 'prior', model: { key: 'churn', version: 1 } });
    const inScale = (logits: number) => Math.round(10_000 * logits);
    const sum = risk.reasons.reduce((logit, { contribution }) => logit + inScale(contribution), 0);
    expect(inScale(risk.baseline) + sum).toBe(inScale(risk.logit));
    expect(risk.probability).toBeCloseTo(1 / (1 + Math.exp(-risk.logit)), 4);
    expect(risk.low).toBeLessThan(risk.probability);
    expect(risk.high).toBeGreaterThan(risk.probability);
    expect(risk.probability12m).toBeGreaterThan(risk.probability);
    expect(risk.reasons[0]).toEqual({
      feature: 'licenceUse28',
      value: 0,
      contribution: expect.any(Number),
      code: 'licenceUse28',
      text: '0% of licenses in use',
    });
    const signs = risk.reasons.map(({ contribution }) => Math.sign(contribution));
    expect(signs).toEqual([1, 1, 1, 1, -1]);
  });

  it('makes no prediction for trial, leaving or churned accounts', async () => {
    for (const id of ['tries', 'leaves', 'gone']) {
      const { body } = await call<AccountScore>(`accounts/${id}/score`);
      expect(body.churnRisk).toBeNull();
      expect(body.expansion).toEqual({ probability: null, basis: 'prior', signals: [], hold: null });
    }
  });

  it('returns the value of the account and what is at stake', async () => {
    const { value, churnRisk } = (await call<AccountScore>('accounts/idle/score')).body;
    expect(value).toMatchObject({
      mrr: { amount: 30_000, currency: 'USD' },
      assumptions: { margin: 0.8, yearlyRate: 0.1, horizonMonths: 60, fadePerMonth: 0.95 },
    });
    const [low = 0, ltv = 0, high = 0] = [value.ltvLow, value.ltv, value.ltvHigh].map((one) => one?.amount);
    expect(0 < low && low < ltv && ltv < high).toBe(true);
    // What is lost by leaving within 90 days is the probability of it times what those who stay are worth, but for three months.
    const stake = (value.expectedLoss?.amount ?? 0) / (churnRisk?.probability ?? 1);
    expect(stake).toBeGreaterThan(0.9 * (ltv - 3 * 0.8 * 30_000));
    expect(stake).toBeLessThan(1.2 * ltv);
    const { value: leaving } = (await call<AccountScore>('accounts/leaves/score')).body;
    // Three months' margin of 5,000 is all that comes.
    expect(leaving.ltv?.amount).toBeLessThan(12_000);
    expect(leaving.ltv).toEqual(leaving.ltvHigh);
    expect(leaving.expectedLoss?.amount).toBeGreaterThan(10 * (leaving.ltv?.amount ?? Infinity));
    const { value: unpaid } = (await call<AccountScore>('accounts/tries/score')).body;
    expect(unpaid).toMatchObject({ ltv: null, ltvLow: null, ltvHigh: null, expectedLoss: null });
  });

  it('returns expansion signals and what holds them back', async () => {
    const well = (await call<AccountScore>('accounts/well/score')).body;
    expect(well).toMatchObject({ tier: 'enterprise', stage: 'established', renewsAt: '2025-03-01' });
    expect(well.health.scorecard.key).toBe('default-enterprise');
    const signal = {
      key: 'licencesNearlyUsed',
      kind: 'upsell',
      value: 0.9,
      product: null,
      text: '9 of 10 licenses in use',
    };
    expect(well.expansion).toEqual({
      probability: expect.any(Number),
      basis: 'prior',
      signals: [signal],
      hold: null,
    });
    const urgent = (await call<AccountScore>('accounts/urgent/score')).body;
    expect(urgent.expansion.hold).toEqual({ key: 'red', text: 'retain first: health is red' });
    const idle = (await call<AccountScore>('accounts/idle/score')).body;
    expect(well.expansion.probability).toBeGreaterThan(idle.expansion.probability ?? 1);
  });

  it.each([
    ['sort=-health', ['well', 'slower', 'urgent', 'leaves', 'idle', 'tries', 'blank']],
    ['sort=-mrr', ['idle', 'urgent', 'slower', 'well', 'leaves', 'tries', 'blank']],
    ['sort=mrr', ['tries', 'blank', 'leaves', 'well', 'urgent', 'slower', 'idle']],
    ['sort=name', ['idle', 'leaves', 'slower', 'urgent', 'well', 'tries', 'blank']],
    ['sort=-name', ['well', 'urgent', 'slower', 'leaves', 'idle', 'tries', 'blank']],
    ['sort=-churnRisk', ['idle', 'blank', 'well', 'slower', 'urgent', 'leaves', 'tries']],
    ['sort=-ltv', ['idle', 'urgent', 'slower', 'well', 'leaves', 'blank', 'tries']],
    ['sort=-expansion&limit=2', ['well', 'urgent']],
    ['sort=renewsAt&limit=1', ['well']],
    ['band=unknown', ['blank', 'tries']],
    ['status=churned', ['gone']],
    ['status=trial', ['tries']],
    ['status=leaving', ['leaves']],
    ['tier=enterprise', ['well']],
    ['stage=onboarding', ['tries']],
    ['csm=bob', ['urgent']],
    ['q=%C3%84HRE', ['idle']],
    ['q=WEL', ['well']],
    ['q=%25', []],
    ['band=red&csm=ann', ['leaves', 'idle']],
  ])('lists by %s', async (query, expected) => expect(await ids(query)).toEqual(expected));

  const expectPagesToBeTheList = async (sort: string): Promise<void> => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: AccountList = await list(`sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(await ids(`sort=${sort}`));
    expect(new Set(seen)).toEqual(new Set(BY_LOSS));
  };

  it.each(SORTS)('pages a past day by %s without gaps or repeats', expectPagesToBeTheList);

  it('stays on the day of the first page when another run ends', async () => {
    const { nextCursor } = await list('limit=1');
    await score(dayOf(new Date()));
    expect((await call<AccountScore>('accounts/well/score')).body.asOf).toBe(dayOf(new Date()));
    expect((await list(`cursor=${nextCursor}`)).items[0]).toMatchObject({ id: 'idle' });
    expect(await ids(`asOf=${DAY}`)).toEqual(BY_LOSS);
    expect((await call<AccountScore>(`accounts/well/score?asOf=${DAY}`)).body.asOf).toBe(DAY);
  });

  it.each(SORTS)('pages the newest scores by %s without gaps or repeats', expectPagesToBeTheList);

  it('rejects invalid parameters', async () => {
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
      call<Problem>(`accounts/well/score?asOf=${tomorrow}`),
      call<Problem>(`accounts/well/score/what-if`, { asOf: tomorrow, tier: 'smb' }),
      call<Problem>(`accounts?asOf=${tomorrow}`),
    ]);
    expect(answers.map(({ status, body }) => `${status} ${body.code}`)).toEqual([
      ...Array<string>(4).fill('400 validation_failed'),
      '400 bad_cursor',
      '400 in_future',
      ...Array<string>(2).fill('400 validation_failed'),
      ...Array<string>(4).fill('404 not_found'),
      '404 not_scored',
      ...Array<string>(4).fill('400 in_future'),
    ]);
    expect(answers.slice(-3).map(({ body }) => body.pointer)).toEqual(Array(3).fill('/asOf'));
  });

  it.each([
    'portfolio/forecast?asOf=2024-12-31',
    'features?asOf=2024-12-31',
    'scorecards?tier=smb',
    'accounts?teir=smb',
    'accounts/well/score?asof=2024-12-31',
    'accounts/well/family?limit=3',
  ])('rejects unknown parameters of %s', async (path) => {
    const { status, body } = await call<Problem>(path);
    const name = path.slice(path.indexOf('?') + 1, path.indexOf('='));
    expect({ status, code: body.code, pointer: body.pointer }).toEqual({
      status: 400,
      code: 'validation_failed',
      pointer: `/${name}`,
    });
  });

  it.each([
    ['accounts/nobody', '/id'],
    ['accounts/nobody/score', '/id'],
    ['accounts/nobody/family', '/id'],
    ['models/luck/1', '/key'],
    ['models/churn/999', '/version'],
    ['scorecards/luck', '/key'],
    ['scorecards/default?version=999', '/version'],
  ])('names the unknown part of %s', async (path, pointer) => {
    const { status, body } = await call<Problem>(path);
    expect({ status, pointer: body.pointer }).toEqual({ status: 404, pointer });
  });

  it('accepts any parameters from probes and scrapers', async () => {
    expect((await fetch(`${sut.url}/livez?from=probe`)).status).toBe(200);
    expect((await fetch(`${sut.url}/metrics?format=text`)).status).toBe(200);
  });

  it('returns the features of an account and the catalogue', async () => {
    const { body } = await call<Pick<AccountScore, 'accountId' | 'asOf'> & { features: object }>(
      `accounts/crm:77/features?asOf=${DAY}`,
    );
    expect(body).toMatchObject({ accountId: 'idle', asOf: DAY });
    expect(body.features).toMatchObject({
      activeDays28: 0,
      activeDays90: 55,
      usageTrend28: -100,
      licenceUse28: 0,
      daysSinceLastUse: 35,
      usageVsOwn90: -1.35,
      oldestUrgentDays: 0,
      csat90: null,
      mrr: 30_000,
      mrrChange180: 0,
      noticeGiven: 0,
      overdueDays: 0,
      tenureDays: 730,
      seats: 10,
      nps: null,
      championActive28: null,
      firstValueDone: null,
    });
    const { body: catalogue } = await call<{ items: { key: string }[] }>('features');
    expect(catalogue.items.map(({ key }) => key)).toEqual(Object.keys(body.features));
  });
});
