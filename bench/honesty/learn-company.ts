import pg from 'pg';
import { simulate, type Simulation } from '../../src/demo/simulate.js';
import type { SimulationOptions } from '../../src/demo/scenario.js';
import { isoDay } from '../../src/demo/calendar.js';
import type { Guess } from '../../src/evaluate/against-truth.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { loadSettings } from '../../src/platform/settings.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { HistoryReader, type ReadHistory } from '../../src/scoring/history/history-reader.js';
import { chooseCard } from '../../src/scoring/model/choose-card.js';
import { type ChurnModel, riskOf } from '../../src/scoring/model/churn-model.js';
import { DEFAULT_CARDS } from '../../src/scoring/model/default-cards.js';
import type { RunTasks } from '../../src/scoring/model/ebm/fit.js';
import { evaluate } from '../../src/scoring/model/evaluate.js';
import type { Lifetime } from '../../src/scoring/model/survival/life-table.js';
import type { Efforts } from '../../src/scoring/model/training/effort.js';
import type { TrainingReport } from '../../src/scoring/model/training/report.js';
import { trainChurn } from '../../src/scoring/model/training/train-churn.js';
import type { AccountFeatures } from '../../src/scoring/features/account-features.js';
import { loadCompany } from '../company/load-company.js';

/** Traits of the simulated company that carry no signal, and the planted leak; all are configured as features. */
const TRAITS = [
  'employees',
  'founded',
  'offices',
  'campaignClicks',
  'webinars',
  'leadScore',
  'discountPercent',
  'integrations',
  'salesCycleDays',
  'offboardingScore',
];

const SETTINGS = loadSettings({ FEATURE_TRAITS: TRAITS.join(','), FEATURE_GAUGES: 'projects' });

export interface KnownGround {
  readonly simulation: Simulation;
  readonly history: ReadHistory;
  readonly lifetimes: readonly Lifetime[];
  /** Accounts at the newest month-end. */
  readonly accounts: readonly AccountFeatures[];
  /** True probability of churn within 90 days by account number, for accounts at risk at the newest month-end. Slow. */
  readonly truth: () => ReadonlyMap<number, number>;
}

/** Simulates a company with known truth in an empty database and reads its history. */
export async function readCompany(url: string, options: SimulationOptions): Promise<KnownGround> {
  const simulation = simulate(options);
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  // A stock sample is only used for lifetimes.
  const { until, stockSample: isStock = false } = options;
  await loadCompany(db, simulation, { withUsage: !isStock }).finally(() => db.end());
  const clock = { now: () => until };
  const reader = new HistoryReader(SETTINGS, clock);
  const dataSource = await createDataSource(url).initialize();
  try {
    const { manager } = dataSource;
    const days = isStock ? [] : await reader.days(manager, until);
    const history = await reader.read(manager, days, DEFAULT_CARDS, until);
    const lifetimes = await reader.lifetimes(manager, until);
    const newest = isoDay(simulation.scenario.untilDay - 1);
    const accounts = isStock ? [] : await new FeaturesRepository(SETTINGS, clock).features(manager, newest);
    return { simulation, history, lifetimes, accounts, truth: () => truthOn(newest, simulation) };
  } finally {
    await dataSource.destroy();
  }
}

function truthOn(day: string, { scenario, truth }: Simulation): Map<number, number> {
  const found = new Map<number, number>();
  for (let index = 0; index < scenario.accounts; index++) {
    const standing = truth.of(index).find((one) => one.day === day);
    // Accounts are numbered from 1 in the order of simulation.
    if (standing) found.set(index + 1, standing.chances(90).churn);
  }
  return found;
}

export interface Trial {
  readonly seed: number;
  /** Default: this thread. */
  readonly run?: RunTasks;
  /** Default: as in the service. */
  readonly efforts?: Efforts;
}

/** Trains like the first training of a service. */
export async function train(
  { history, lifetimes }: KnownGround,
  { seed, run, efforts }: Trial,
): Promise<{ model: ChurnModel; report: TrainingReport }> {
  const { means } = history;
  return trainChurn(
    {
      ...{ table: history, lifetimes, cards: DEFAULT_CARDS, prior: { means }, seed, previous: null },
      ...(efforts && { efforts }),
    },
    run,
  );
}

/** Predictions for the accounts at the newest month-end, as scoring makes them, with the true probabilities. */
export function guessesOf(model: ChurnModel, { accounts, truth }: KnownGround): Guess[] {
  const cards = DEFAULT_CARDS.map((card) => ({ card }));
  const chances = truth();
  return accounts.flatMap((account): Guess[] => {
    const card = chooseCard(cards, account)?.card ?? DEFAULT_CARDS[0];
    const known = chances.get(account.accountId);
    if (card === undefined || known === undefined) return [];
    const risk = riskOf(model, card, account, evaluate(card, account));
    if (risk === null) return [];
    const { probability, low, high } = risk;
    return [{ truth: known, probability, low, high }];
  });
}
