import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client, clientWithScope } from '../support/client.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';
import { scoreAsOf } from '../support/score-runs.js';

const DAY = '2024-12-31';
const BEFORE = '2024-11-30';

interface Part {
  kind: string;
  key: string;
  contribution: number;
  text: string;
}
interface Change {
  difference: number;
  byDefinition: number;
  byCustomer: number;
  parts: Part[];
}
interface Changes {
  from: { asOf: string; health: { score: number; band: string }; scorecard: { version: number } };
  to: { asOf: string; health: { score: number; band: string }; scorecard: { version: number } };
  health: Change;
  churnRisk: Change | null;
  moves: object[];
}

const sumOf = ({ parts }: Change, scale: number): number =>
  parts.reduce((sum, { contribution }) => sum + Math.round(scale * contribution), 0);

describe('scores over time', () => {
  let app: TestApp;
  let api: Client;
  const get = async <T>(path: string): Promise<T> =>
    (await api.call('GET', `/v1/accounts/${path}`)).body as T;

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
    const facts = new Facts(app.dataSource);
    const idle = await facts.account({ id: 'idle', name: 'Idle', csm: 'ann', tier: 'mid-market' });
    await facts.usage(idle, daysUpTo('2024-12-05', 120), 5);
    await facts.subscription(idle, { mrr: 30_000, seats: 4 });
    for (const user of ['u-1', 'u-2', 'u-3', 'u-4']) {
      await facts.activeUser(idle, user, daysUpTo('2024-12-03', 40));
    }
    const steady = await facts.account({ id: 'steady', first_fact_at: '2024-12-10' });
    await facts.usage(steady, daysUpTo(DAY, 20), 5);
    await facts.subscription(steady, { started_at: '2024-12-10' });
    await facts.record('activity', idle, { kind: 'call', at: '2024-11-20', two_way: true });
    await facts.record('survey', idle, { kind: 'nps', score: 9, answered_at: '2024-11-20' });
    await facts.record('invoice', idle, {
      issued_at: '2024-11-01',
      due_at: '2024-12-01',
      amount: 100,
      currency: 'USD',
    });
    const calm = await facts.account({ id: 'calm', tier: 'mid-market' });
    await facts.usage(calm, daysUpTo(DAY, 120), 5);
    await facts.subscription(calm);
    const leaver = await facts.account({ id: 'leaver' });
    await facts.usage(leaver, daysUpTo(DAY, 120), 5);
    await facts.subscription(leaver, { notice_given_at: '2024-12-15' });
    await app.dataSource.query(
      `INSERT INTO account_ref SELECT 'crm:77', account_id, 'external' FROM account WHERE id = 'idle'`,
    );
    for (const day of [BEFORE, '2024-12-15', DAY]) await scoreAsOf(app, day);
  });
  afterAll(() => app.stop());

  describe('GET /v1/accounts/{id}/score-history', () => {
    it('returns the stored days, oldest first', async () => {
      const { items, nextCursor } = await get<{ items: object[]; nextCursor: null }>(
        `crm:77/score-history?from=2024-11-01&to=${DAY}`,
      );
      expect(items.map((item) => (item as { asOf: string }).asOf)).toEqual([BEFORE, '2024-12-15', DAY]);
      expect(nextCursor).toBeNull();
      const score = await get<Record<string, object>>(`idle/score?asOf=${DAY}`);
      expect(items[2]).toEqual({
        asOf: DAY,
        health: {
          score: (score['health'] as { score: number }).score,
          band: (score['health'] as { band: string }).band,
          confidence: expect.any(Number),
        },
        churnRisk: { probability: (score['churnRisk'] as { probability: number }).probability },
        expectedLoss: (score['value'] as { expectedLoss: object }).expectedLoss,
        mrr: { amount: 30_000, currency: 'USD' },
        scorecard: { key: 'default', version: 1 },
      });
    });

    it('covers the 90 days up to the last one, today by default', async () => {
      const of = async (query: string) =>
        (await get<{ items: object[] }>(`idle/score-history${query}`)).items;
      expect(await of(`?to=${plusDays(BEFORE, 89)}`)).toHaveLength(3);
      expect(await of(`?to=${plusDays(BEFORE, 90)}`)).toHaveLength(2);
      expect(await of('')).toEqual([]);
    });

    it('shows missing predictions as null', async () => {
      const { items } = await get<{ items: object[] }>(`leaver/score-history?from=${DAY}&to=${DAY}`);
      expect(items).toMatchObject([{ churnRisk: null, expectedLoss: { amount: expect.any(Number) } }]);
    });
  });

  describe('GET /v1/accounts/{id}/score-changes', () => {
    it("attributes the change to the customer's facts, to the hundredth", async () => {
      const changes = await get<Changes>(`crm:77/score-changes?from=${BEFORE}&to=${DAY}`);
      const { from, to, health, churnRisk } = changes;
      expect([from.asOf, to.asOf]).toEqual([BEFORE, DAY]);
      expect(Math.round(100 * health.difference)).toBe(
        Math.round(100 * to.health.score) - Math.round(100 * from.health.score),
      );
      expect(health.difference).toBeLessThan(0);
      expect(health).toMatchObject({ byDefinition: 0, byCustomer: health.difference });
      expect(sumOf(health, 100)).toBe(Math.round(100 * health.difference));
      expect(health.parts.find(({ key }) => key === 'daysSinceLastUse')).toMatchObject({
        kind: 'feature',
        from: 0,
        to: 26,
        text: 'used today → no usage for 26 days',
      });
      expect(churnRisk?.difference).toBeGreaterThan(0);
      expect(churnRisk && sumOf(churnRisk, 10_000)).toBe(Math.round(10_000 * (churnRisk?.difference ?? 0)));
      expect([from.health.band, to.health.band]).toEqual(['green', 'red']);
      expect(changes.moves).toEqual([{ what: 'band', from: 'green', to: 'red' }]);
    });

    it('uses the nearest earlier stored day for each, and names it', async () => {
      const { from, to } = await get<Changes>('idle/score-changes?from=2024-12-14&to=2024-12-30');
      expect([from.asOf, to.asOf]).toEqual([BEFORE, '2024-12-15']);
      const same = await get<Changes>(`idle/score-changes?from=${DAY}`);
      expect(same).toMatchObject({ health: { difference: 0, parts: [] }, moves: [] });
    });

    it('explains an account that gave notice, without a prediction', async () => {
      const { churnRisk, moves, health } = await get<Changes>(
        `leaver/score-changes?from=${BEFORE}&to=${DAY}`,
      );
      expect(churnRisk).toBeNull();
      expect(moves).toContainEqual({ what: 'status', from: 'active', to: 'leaving' });
      expect(health.parts).toContainEqual(expect.objectContaining({ kind: 'cap' }));
      expect(sumOf(health, 100)).toBe(Math.round(100 * health.difference));
    });

    it('separates a scorecard change from a customer change', async () => {
      await app.dataSource.query(
        `INSERT INTO scorecard (key, version, definition, built_in)
         SELECT key, 2, jsonb_set(definition, '{card,dimensions,0,measures,2,weight}', '40'), false FROM scorecard WHERE key = 'default'`,
      );
      await scoreAsOf(app, DAY);
      const { from, to, health } = await get<Changes>(`idle/score-changes?from=${BEFORE}&to=${DAY}`);
      expect([from.scorecard.version, to.scorecard.version]).toEqual([1, 2]);
      expect(health.byDefinition).not.toBe(0);
      expect(health.byCustomer).toBeLessThan(0);
      expect(sumOf(health, 100)).toBe(Math.round(100 * health.difference));
      const [card] = health.parts.filter(({ kind }) => kind === 'card');
      expect(card).toMatchObject({
        key: 'default',
        contribution: health.byDefinition,
        text: 'scorecard default version 1 → default version 2',
      });

      await scoreAsOf(app, BEFORE);
      const anew = await get<Changes>(`idle/score-changes?from=${BEFORE}&to=${DAY}`);
      expect(anew.health).toMatchObject({ byDefinition: 0 });
      expect(Math.round(100 * anew.health.byCustomer)).toBe(Math.round(100 * health.byCustomer));
    });
  });

  describe('GET /v1/accounts/{id}', () => {
    it('includes the score and its change', async () => {
      const page = await get<Record<string, unknown>>('crm:77');
      expect(page).toMatchObject({ id: 'idle', csm: 'ann', openTickets: 0, contacts: [] });
      expect(page['score']).toEqual(await get('idle/score'));
      expect(page['recentChanges']).toEqual(await get(`idle/score-changes?from=2024-12-01&to=${DAY}`));
    });

    it('shows the score of the requested day', async () => {
      expect(await get(`idle?asOf=${BEFORE}`)).toMatchObject({
        score: { asOf: BEFORE },
        recentChanges: null,
      });
      expect(await get('idle?asOf=2024-12-20')).toMatchObject({
        id: 'idle',
        score: null,
        recentChanges: null,
      });
    });
  });

  it.each([
    ['nobody/score-history', 404, 'not_found', undefined],
    ['nobody/score-changes', 404, 'not_found', undefined],
    ['steady/score-changes?from=2024-12-14&to=2024-12-31', 404, 'not_scored', '/from'],
    ['steady/score-changes?to=2024-11-30', 404, 'not_scored', '/to'],
    ['idle/score-changes?from=2024-12-31&to=2024-12-30', 400, 'out_of_range', '/from'],
    ['idle/score-changes?to=2999-01-01', 400, 'in_future', '/to'],
    ['idle/score-history?from=2024-12-31&to=2024-12-30', 400, 'out_of_range', '/from'],
    ['idle/score-history?from=2022-04-06&to=2024-12-31', 400, 'out_of_range', '/from'],
    ['idle/score-history?from=2024-02-30', 400, 'validation_failed', '/from'],
  ])('rejects %s', async (path, status, code, pointer) => {
    const { body } = await api.call('GET', `/v1/accounts/${path}`);
    expect(body).toMatchObject({ status, code, ...(pointer && { pointer }) });
  });

  it('accepts 1,000 days and requires the scope read', async () => {
    const path = '/v1/accounts/idle/score-history?from=2022-04-07&to=2024-12-31';
    const reader = await clientWithScope(app, 'read');
    expect((await reader.call('GET', path)).status).toBe(200);
    const sender = await clientWithScope(app, 'ingest');
    expect((await sender.call('GET', path)).status).toBe(403);
    expect((await sender.call('GET', '/v1/accounts/idle/score-changes')).status).toBe(403);
  });
});
