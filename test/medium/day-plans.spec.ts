import { loadSettings } from '../../src/platform/settings.js';
import { DEFAULT_CARDS } from '../../src/scoring/model/default-cards.js';
import type { FittedChurn } from '../../src/scoring/model/training/trained.js';
import { ModelsRepository } from '../../src/scoring/models/models.repository.js';
import { DayPlansService } from '../../src/scoring/runs/day-plans.service.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { type FeaturesBench, openFeatures } from '../support/features.js';
import { makeRunner } from '../support/scoring.js';

const ACCOUNTS = 30;

/** Its average account is another than the installation's. */
const FITTED: FittedChurn = {
  basis: 'fitted',
  prior: { basis: 'prior', kappa: 0.35, base: 0, means: {}, churned: 30, windows: 100 },
  cards: [...DEFAULT_CARDS],
  ebm: { features: [], coarse: [], intercept: -2, mains: [], pairs: [], bags: [] },
  calibration: { shift: 0, slope: 1, centre: -2 },
  later: [null, null, null],
  tail: null,
};

describe(DayPlansService.name, () => {
  let bench: FeaturesBench;

  beforeEach(async () => {
    bench = await openFeatures();
    for (let n = 0; n < ACCOUNTS; n++) {
      const account = await bench.facts.account();
      await bench.facts.subscription(account);
      await bench.facts.invoice(account, { paid_at: null, due_at: '2025-02-01' });
    }
  });
  afterEach(() => bench.close());

  it('predicts the observed number of contractions, even with a fitted churn model', async () => {
    const models = new ModelsRepository(bench.dataSource, loadSettings({}));
    const clock = { now: () => new Date('2025-06-01T12:00:00Z') };
    await models.addVersion({
      key: 'churn',
      asOf: '2025-05-01',
      definition: FITTED,
      report: {},
      taken: true,
    });
    await new ScoreRunsRepository().create(bench.dataSource.manager, ['2025-05-31']);
    await makeRunner(bench.dataSource, { clock }).work();
    const [row] = await bench.dataSource.query<{ mean: number; windows: number }[]>(
      `SELECT avg(contraction)::float8 / 10000 AS mean, (SELECT (definition ->> 'windows')::int FROM model_version WHERE key = 'contraction') AS windows
       FROM account_score`,
    );
    expect(row?.windows).toBeGreaterThan(ACCOUNTS);
    expect(row?.mean).toBeCloseTo(1 / ((row?.windows ?? 0) + 20), 3);
  });

  it('keeps using models fitted to the reporting currency', async () => {
    const models = (currency: string) =>
      new ModelsRepository(bench.dataSource, loadSettings({ REPORTING_CURRENCY: currency }));
    const fit = async (currency?: string) => {
      const report = { data: { currency } };
      const made = { key: 'churn', asOf: '2025-05-01', definition: FITTED, report, taken: true } as const;
      return (await models('USD').addVersion(made)).versionId;
    };
    const old = await fit();
    expect((await models('GBP').trained('churn'))?.versionId).toBe(old);
    const [inEuros, inDollars] = [await fit('EUR'), await fit('USD')];
    expect((await models('EUR').trained('churn'))?.versionId).toBe(inEuros);
    expect((await models('EUR').inUse('churn'))?.versionId).toBe(inEuros);
    expect((await models('USD').trained('churn'))?.versionId).toBe(inDollars);
    expect(await models('GBP').trained('churn')).toBeNull();
  });
});
