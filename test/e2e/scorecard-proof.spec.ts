import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client, type Client, clientWithScope } from '../support/client.js';
import { Facts, plusDays } from '../support/facts.js';
import { expectProblem } from '../support/problem.js';
import { scoreAsOf } from '../support/score-runs.js';

interface Preview {
  key: string;
  asOf: string | null;
  bands: { before: Record<string, number>; after: Record<string, number> };
  changed: {
    id: string;
    mrr: { amount: number };
    from: { band: string; score: number };
    to: { band: string };
  }[];
  changedTotal: number;
  proof: {
    days: string[];
    rows: number;
    left: number;
    before: { auc: number };
    after: { auc: number; bands: Record<string, { accounts: number; left: number }> };
    difference: { auc: number; se: number };
  } | null;
  proofText: string;
}
interface Suggestion extends Pick<Preview, 'proof' | 'proofText'> {
  draft: { key: string; dimensions: { weight: number; measures: { feature: string; weight: number }[] }[] };
  evidence: { feature: string; from: number; to: number; churned: number; supportedBy: string }[];
}

const card = (weights: { nps: number; csmSentiment: number }): object => ({
  key: 'default',
  bands: { green: 70, yellow: 40 },
  dimensions: [
    {
      key: 'sentiment',
      weight: 1,
      measures: [
        {
          feature: 'nps',
          weight: weights.nps,
          curve: [
            [0, 0],
            [10, 100],
          ],
        },
        {
          feature: 'csmSentiment',
          weight: weights.csmSentiment,
          curve: [
            [1, 0],
            [5, 100],
          ],
        },
      ],
    },
  ],
  caps: [],
});
const ACCOUNTS = 60;

const today = new Date().toISOString().slice(0, 10);

describe('previewing scorecards', () => {
  let app: TestApp;
  let api: Client;
  const preview = (body: unknown): Promise<Answer> =>
    api.call('POST', '/v1/scorecards/preview', body as object);
  const previewed = async (body: object): Promise<Preview> => {
    const answer = await preview(body);
    expect(answer.status).toBe(200);
    return answer.body as unknown as Preview;
  };
  const suggest = async (body: object): Promise<Suggestion> => {
    const answer = await api.call('POST', '/v1/scorecards/suggest', body);
    expect(answer.status).toBe(200);
    return answer.body as unknown as Suggestion;
  };

  describe('without data', () => {
    beforeAll(async () => {
      app = await startTestApp();
      api = client(app);
    });
    afterAll(() => app.stop());

    it('previews a card without accounts and explains why it has no proof', async () => {
      expect(await previewed(card({ nps: 1, csmSentiment: 1 }))).toMatchObject({
        asOf: null,
        changedTotal: 0,
        proof: null,
        proofText: expect.stringContaining('old enough'),
      });
    });

    it('suggests the card unchanged', async () => {
      const { body } = await api.call('GET', '/v1/scorecards/default');
      const { draft, evidence, proof } = await suggest({});
      expect(draft).toEqual({ key: 'default', ...(body['card'] as object) });
      expect(evidence.map(({ from, to }) => to - from)).toEqual(evidence.map(() => 0));
      expect(proof).toBeNull();
    });
  });

  describe('for a company where unhappy sponsors predict churn and CSM sentiment does not', () => {
    beforeAll(async () => {
      app = await startTestApp();
      api = client(app);
      const facts = new Facts(app.dataSource);
      const start = plusDays(today, -500);
      // History begins with somebody who is known to have left.
      const first = await facts.account({ id: 'first' });
      await facts.subscription(first, { started_at: start, ended_at: plusDays(today, -480) });
      for (let place = 0; place < ACCOUNTS; place++) {
        const account = await facts.account({ id: `A-${place}`, tier: 'mid-market', stage: 'established' });
        const isUnhappy = place % 3 === 0;
        const leaves = isUnhappy && place % 2 === 0;
        await facts.subscription(account, {
          started_at: start,
          mrr: 1_000 * (place + 1),
          ended_at: leaves ? plusDays(today, -160) : null,
        });
        for (const ago of [250, 160, 20]) {
          const answered_at = plusDays(today, -ago);
          const sentiment = place % 5 === 0 ? 1 : 5;
          await facts.record('survey', account, { kind: 'nps', score: isUnhappy ? 2 : 9, answered_at });
          await facts.record('survey', account, { kind: 'sentiment', score: sentiment, answered_at });
        }
      }
      await api.call('PUT', '/v1/scorecards/default', card({ nps: 1, csmSentiment: 9 }), {
        'if-match': '"1"',
      });
      await scoreAsOf(app, today);
    });
    afterAll(() => app.stop());

    it('shows the accounts that would change band, largest first', async () => {
      const { bands, changed, changedTotal, ...told } = await previewed(card({ nps: 9, csmSentiment: 1 }));
      expect(told).toMatchObject({ key: 'default', asOf: today });
      expect(bands).toEqual({
        before: { green: 40, yellow: 0, red: 10, unknown: 0 },
        after: { green: 40, yellow: 0, red: 10, unknown: 0 },
      });
      // Of the 50 that are left 10 are unhappy and 10 have an unhappy CSM, two of them both.
      expect(changedTotal).toBe(16);
      expect(changed).toHaveLength(16);
      const amounts = changed.map(({ mrr }) => mrr.amount);
      expect(amounts).toEqual([...amounts].sort((one, other) => other - one));
      expect(changed.find(({ id }) => id === 'A-3')).toEqual({
        id: 'A-3',
        name: null,
        mrr: { amount: 4_000, currency: 'USD' },
        from: { band: 'green', score: 92 },
        to: { band: 'red', score: 28 },
      });
    });

    it('proves that a card predicts churn better', async () => {
      const { proof, proofText } = await previewed(card({ nps: 9, csmSentiment: 1 }));
      expect(proof?.left).toBe(10);
      expect(proof?.days).toHaveLength(4);
      expect(proof?.after.auc).toBeGreaterThan(0.8);
      expect(proof?.before.auc).toBeLessThan(0.8);
      expect(proof?.difference.auc).toBeGreaterThan(2 * (proof?.difference.se ?? Infinity));
      expect(proof?.after.bands['red']?.left).toBe(10);
      expect(proofText).toContain('Better ranking');
    });

    it('finds no change for the current card', async () => {
      const told = await previewed(card({ nps: 1, csmSentiment: 9 }));
      expect(told).toMatchObject({ changedTotal: 0, proof: { difference: { auc: 0, se: 0 } } });
    });

    it('previews a new card for some accounts alongside the others', async () => {
      const { key, ...forSome } = {
        ...card({ nps: 9, csmSentiment: 1 }),
        key: '',
        appliesTo: { tiers: ['smb'] },
      };
      expect(key).toBe('');
      expect(await previewed(forSome)).toMatchObject({ key: 'draft', newCard: true, changedTotal: 0 });
      const misspelt = { ...card({ nps: 9, csmSentiment: 1 }), key: 'defualt' };
      expect(await previewed(misspelt)).toMatchObject({ key: 'defualt', newCard: true });
      expect(await previewed({ ...misspelt, key: 'default' })).toMatchObject({ newCard: false });
    });

    it('suggests predictive weights as a card ready to PUT', async () => {
      const { draft, evidence, proof, proofText } = await suggest({ key: 'default' });
      const weights = Object.fromEntries(evidence.map(({ feature, to }) => [feature, to]));
      expect(weights['nps']).toBeGreaterThan(30);
      expect(evidence.reduce((sum, { to }) => sum + to, 0)).toBe(100);
      expect(evidence[0]).toMatchObject({ feature: 'nps', from: 10, churned: 10 });
      expect(evidence[0]?.supportedBy).toContain('10 churned accounts averaged 20 of 100');
      expect(proof?.after.auc).toBeGreaterThan(proof?.before.auc ?? 1);
      expect(proofText).toContain('learned from the others');
      const put = await api.call('PUT', '/v1/scorecards/default', draft, { 'if-match': '*' });
      expect(put.status).toBe(200);
      await api.call('PUT', '/v1/scorecards/default', card({ nps: 1, csmSentiment: 9 }), { 'if-match': '*' });
    });

    it('stores nothing', async () => {
      const stored = (): Promise<unknown> =>
        app.dataSource.query('SELECT (SELECT count(*) FROM scorecard), (SELECT count(*) FROM score_run)');
      const before = await stored();
      await previewed(card({ nps: 9, csmSentiment: 1 }));
      await suggest({});
      expect(await stored()).toEqual(before);
    });

    it('rejects what PUT rejects, with pointers', async () => {
      const wrong = { ...card({ nps: 1, csmSentiment: 0 }), bands: { green: 40, yellow: 70 } };
      const answer = await preview(wrong);
      expectProblem(answer, 400, 'validation_failed', '/bands/yellow');
      expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual([
        '/bands/yellow',
        '/dimensions/0/measures/1/weight',
      ]);
      expectProblem(
        await preview({ ...card({ nps: 1, csmSentiment: 1 }), key: 7 }),
        400,
        'validation_failed',
        '/key',
      );
      expectProblem(await preview([]), 400, 'validation_failed', '');
      const forSome = { ...card({ nps: 1, csmSentiment: 1 }), appliesTo: { tiers: ['smb'] } };
      expectProblem(await preview(forSome), 409, 'no_card_for_all');
    });

    it('returns 404 for an unknown card and requires the scope read', async () => {
      expectProblem(await api.call('POST', '/v1/scorecards/suggest', { key: 'none' }), 404, 'not_found');
      const sender = await clientWithScope(app, 'ingest');
      expectProblem(await sender.call('POST', '/v1/scorecards/suggest', {}), 403, 'scope_missing');
      expectProblem(await sender.call('POST', '/v1/scorecards/preview', {}), 403, 'scope_missing');
    });
  });
});
