import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client, type Client, clientWithScope } from '../support/client.js';
import { daysUpTo, Facts } from '../support/facts.js';
import { expectProblem } from '../support/problem.js';
import { scoreAsOf } from '../support/score-runs.js';

const DAY = '2024-12-31';

interface Side {
  tier: string;
  stage: string;
  health: {
    score: number;
    band: string;
    scorecard: { key: string };
    adjustments: { key: string }[];
    dimensions: { measures: { feature: string; value: number | null }[] }[];
  };
  churnRisk: { probability: number; logit: number; reasons: { feature: string }[] };
  value: { expectedLoss: { amount: number } };
  contraction: { probability: number };
  expansion: { signals: { key: string }[]; hold: { key: string } | null };
}
interface WhatIf {
  asOf: string;
  alsoChanged: { feature: string; from: number | null; to: number | null }[];
  before: Side;
  after: Side;
  healthDifference: number;
  logitDifference: number;
  changes: {
    kind: string;
    key: string;
    from: number | null;
    to: number | null;
    healthContribution: number;
    logitContribution: number;
  }[];
}

describe('POST /v1/accounts/{id}/score/what-if', () => {
  let app: TestApp;
  let api: Client;
  const call = (body: object, id = 'slack'): Promise<Answer> =>
    api.call('POST', `/v1/accounts/${id}/score/what-if`, body);
  const ask = async (body: object, id?: string): Promise<WhatIf> => {
    const answer = await call(body, id);
    expect(answer.status).toBe(200);
    return answer.body as unknown as WhatIf;
  };
  const sum = (changes: WhatIf['changes'], of: 'healthContribution' | 'logitContribution'): number =>
    changes.reduce((total, change) => total + change[of], 0);

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
    const facts = new Facts(app.dataSource);
    const slack = await facts.account({ id: 'slack', tier: 'mid-market', stage: 'established' });
    await facts.usage(slack, daysUpTo(DAY, 120), 5);
    await facts.subscription(slack, { mrr: 30_000, seats: 10 });
    await facts.activeUser(slack, 'u-1', daysUpTo(DAY, 40));
    await facts.invoice(slack, { due_at: '2024-11-05', paid_at: null });
    const left = await facts.account({ id: 'left' });
    await facts.subscription(left, { ended_at: '2024-06-01' });
    await facts.account({ id: 'unscored', first_fact_at: '2025-01-01' });
    await scoreAsOf(app, '2024-11-30');
    await scoreAsOf(app, DAY);
  });
  afterAll(() => app.stop());

  it('equals the stored score on both sides without changes', async () => {
    const { before, after, changes, healthDifference, logitDifference, asOf } = await ask({
      features: { licenceUse28: 0.1 },
    });
    expect(asOf).toBe(DAY);
    expect(after).toEqual(before);
    expect({ changes, healthDifference, logitDifference }).toEqual({
      changes: [],
      healthDifference: 0,
      logitDifference: 0,
    });
    const { body } = await api.call('GET', '/v1/accounts/slack/score');
    const { health, churnRisk, value, contraction, expansion } = body as unknown as Side;
    expect(before).toMatchObject({ churnRisk, value, contraction, expansion });
    expect(before.health).toEqual({ ...health, change7d: null, change30d: null });
  });

  it('breaks the differences down line by line', async () => {
    const { before, after, ...told } = await ask({
      features: { licenceUse28: 0.95, overdueDays: 0, overdueInvoices: 0, nps: 9 },
    });
    expect(before.health.adjustments.map(({ key }) => key)).toContain('overdue45d');
    expect(after.health.adjustments).toEqual([]);
    expect(after.health.score).toBeGreaterThan(before.health.score);
    expect(after.churnRisk.probability).toBeLessThan(before.churnRisk.probability);
    expect(after.value.expectedLoss.amount).toBeLessThan(before.value.expectedLoss.amount);
    expect(before.expansion.signals.map(({ key }) => key)).not.toContain('licencesNearlyUsed');
    expect(after.expansion.signals.map(({ key }) => key)).toContain('licencesNearlyUsed');
    expect(told.healthDifference).toBeCloseTo(after.health.score - before.health.score, 10);
    expect(told.logitDifference).toBeCloseTo(after.churnRisk.logit - before.churnRisk.logit, 10);
    expect(sum(told.changes, 'healthContribution')).toBeCloseTo(told.healthDifference, 10);
    expect(sum(told.changes, 'logitContribution')).toBeCloseTo(told.logitDifference, 10);
    const use = told.changes.find(({ key }) => key === 'licenceUse28');
    expect(use).toMatchObject({ kind: 'feature', from: 0.1, to: 0.95 });
    expect(use?.healthContribution).toBeGreaterThan(0);
    expect(use?.logitContribution).toBeLessThan(0);
    expect(told.changes.find(({ kind }) => kind === 'cap')).toMatchObject({ key: 'overdue45d' });
  });

  it('also changes dependent features, and names them', async () => {
    const { alsoChanged, after } = await ask({ features: { overdueDays: 0, licenceUse28: 0.95 } });
    expect(alsoChanged.find(({ feature }) => feature === 'overdueInvoices')).toEqual({
      feature: 'overdueInvoices',
      from: 1,
      to: 0,
    });
    expect(after.expansion.hold).toBeNull();
    const kept = await ask({ features: { overdueDays: 0, overdueInvoices: 1, licenceUse28: 0.95 } });
    expect(kept.alsoChanged).toEqual([]);
    expect(kept.after.expansion.hold?.key).toBe('overdue');
  });

  it('uses another scorecard for another tier or stage', async () => {
    const { before, after, changes, healthDifference } = await ask({ tier: 'smb' });
    expect(before.health.scorecard.key).toBe('default');
    expect(after).toMatchObject({ tier: 'smb', health: { scorecard: { key: 'default-smb' } } });
    expect(sum(changes, 'healthContribution')).toBeCloseTo(healthDifference, 10);
    const onboarding = await ask({ stage: 'onboarding' });
    expect(onboarding.after.health.scorecard.key).toBe('default-onboarding');
  });

  it('uses the requested day and handles missing predictions', async () => {
    expect(await ask({ asOf: '2024-11-30', features: { nps: 9 } })).toMatchObject({ asOf: '2024-11-30' });
    const { after, logitDifference } = await ask({ features: { nps: 10 } }, 'left');
    expect({ risk: after.churnRisk, logitDifference }).toEqual({ risk: null, logitDifference: null });
  });

  it('stores nothing', async () => {
    const stored = (): Promise<unknown> => app.dataSource.query('SELECT * FROM account_score ORDER BY 1, 2');
    const before = await stored();
    await ask({ features: { licenceUse28: 1 }, tier: 'smb' });
    expect(await stored()).toEqual(before);
  });

  it.each([
    ['an unknown feature', { features: { licenceUse: 1 } }, '/features/licenceUse'],
    ['a text', { features: { nps: '9' } }, '/features/nps'],
    ['a list of features', { features: [] }, '/features'],
    ['an unknown stage', { stage: 'later' }, '/stage'],
    ['an unknown field', { feature: {} }, '/feature'],
    ['a value that cannot be', { features: { nps: 11 } }, '/features/nps'],
    ['what the status follows from', { features: { noticeGiven: 1 } }, '/features/noticeGiven'],
    ['no question', { asOf: DAY, features: {} }, '/features'],
    ['nothing at all', {}, '/features'],
  ])('rejects %s, with its place', async (_, body, pointer) => {
    expectProblem(await call(body), 400, 'validation_failed', pointer);
  });

  it('returns 404 for an unknown or unscored account and requires only read', async () => {
    expectProblem(await call({ tier: 'smb' }, 'nobody'), 404, 'not_found');
    expectProblem(await call({ tier: 'smb' }, 'unscored'), 404, 'not_scored');
    expectProblem(await call({ asOf: '2024-10-31', tier: 'smb' }), 404, 'not_scored');
    const path = '/v1/accounts/slack/score/what-if';
    expect((await (await clientWithScope(app, 'read')).call('POST', path, { tier: 'smb' })).status).toBe(200);
    expectProblem(await (await clientWithScope(app, 'ingest')).call('POST', path, {}), 403, 'scope_missing');
  });
});
