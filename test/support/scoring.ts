import type { DataSource } from 'typeorm';
import type { RollUpService } from '../../src/intake/events/roll-up.service.js';
import { Clock } from '../../src/platform/clock.js';
import { TouchedAccounts } from '../../src/accounts/touched-accounts.repository.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { loadSettings, type Settings } from '../../src/platform/settings.js';
import { CurrentListRepository } from '../../src/scoring/scores/current-list.repository.js';
import { NamesRepository } from '../../src/scoring/scores/names.repository.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { LayoutsRepository } from '../../src/scoring/features/layouts.repository.js';
import { SourcesRepository } from '../../src/scoring/features/sources.repository.js';
import { ChangeHistoryRepository } from '../../src/scoring/models/change-history.repository.js';
import { ModelsRepository } from '../../src/scoring/models/models.repository.js';
import { OverridesRepository } from '../../src/scoring/overrides/overrides.repository.js';
import { DayPlansService } from '../../src/scoring/runs/day-plans.service.js';
import { LiveScoringService } from '../../src/scoring/runs/live-scoring.service.js';
import { RunPace } from '../../src/scoring/runs/run-pace.js';
import { ScoreDaysRepository } from '../../src/scoring/runs/score-days.repository.js';
import { ScoreRunner } from '../../src/scoring/runs/score-runner.service.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { ScoreWriter } from '../../src/scoring/runs/score-writer.service.js';
import { ScoresRepository } from '../../src/scoring/scores/scores.repository.js';
import { ScorecardsRepository } from '../../src/scoring/scorecards/scorecards.repository.js';

export interface RunnerParts {
  settings?: Settings;
  clock?: Clock;
  features?: FeaturesRepository;
  pace?: Partial<RunPace>;
  drain?: () => Promise<void>;
  /** Called when all accounts of a day have been read, before anything is written. */
  afterRead?: () => Promise<void>;
  /** Called in the transaction before the scores of these accounts are written. */
  beforeWrite?: (accountIds: readonly number[]) => Promise<void>;
  /** Called in the transaction after they are written. */
  afterWrite?: (accountIds: readonly number[]) => Promise<void>;
}

/** The services that score accounts, as in one instance. */
export function makeScoring(
  dataSource: DataSource,
  parts: RunnerParts = {},
): { runner: ScoreRunner; live: LiveScoringService } {
  const settings = parts.settings ?? loadSettings({});
  const clock = parts.clock ?? new Clock();
  const sources = new SourcesRepository();
  const features = parts.features ?? new FeaturesRepository(settings, clock, sources);
  const rollUp = { drain: parts.drain ?? (() => Promise.resolve()) } as RollUpService;
  const pace = Object.assign(new RunPace(), parts.pace);
  const runs = new ScoreRunsRepository();
  const days = new ScoreDaysRepository();
  const touched = new TouchedAccounts();
  const scores = new ScoresRepository();
  const list = new CurrentListRepository();
  const overrides = new OverridesRepository();
  const writer = new ScoreWriter(settings, scores, list, new NamesRepository(), overrides, new Outbox());
  const store = writer.store.bind(writer);
  writer.store = async (manager, plan, ids, scored) => {
    await parts.beforeWrite?.(ids);
    await store(manager, plan, ids, scored);
    await parts.afterWrite?.(ids);
  };
  const history = new ChangeHistoryRepository(settings);
  const readHistory = history.before.bind(history);
  history.before = async (manager, until) => {
    await parts.afterRead?.();
    return readHistory(manager, until);
  };
  const plans = new DayPlansService(
    dataSource,
    settings,
    clock,
    features,
    sources,
    new LayoutsRepository(dataSource, settings),
    new ScorecardsRepository(dataSource),
    new ModelsRepository(dataSource, settings),
    history,
    days,
    list,
  );
  const live = new LiveScoringService(
    dataSource,
    clock,
    rollUp,
    runs,
    plans,
    features,
    touched,
    scores,
    overrides,
    writer,
    pace,
  );
  const runner = new ScoreRunner(
    dataSource,
    runs,
    touched,
    scores,
    days,
    plans,
    writer,
    list,
    features,
    live,
    rollUp,
    settings,
    clock,
    pace,
  );
  return { runner, live };
}

export function makeRunner(dataSource: DataSource, parts: RunnerParts = {}): ScoreRunner {
  return makeScoring(dataSource, parts).runner;
}
