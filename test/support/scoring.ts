import type { DataSource } from 'typeorm';
import { Clock } from '../../src/platform/clock.js';
import { loadSettings, type Settings } from '../../src/platform/settings.js';
import { FeaturesRepository } from '../../src/scoring/features/features.repository.js';
import { RunPace } from '../../src/scoring/runs/run-pace.js';
import { ScoreRunner } from '../../src/scoring/runs/score-runner.service.js';
import { ScoreRunsRepository } from '../../src/scoring/runs/score-runs.repository.js';
import { ScoresRepository } from '../../src/scoring/runs/scores.repository.js';
import { ScorecardsRepository } from '../../src/scoring/scorecards/scorecards.repository.js';
import type { RollUpService } from '../../src/intake/events/roll-up.service.js';

export interface RunnerParts {
  settings?: Settings;
  clock?: Clock;
  features?: FeaturesRepository;
  pace?: Partial<RunPace>;
  drain?: () => Promise<void>;
}

/** A runner as one instance of the service has it. */
export function makeRunner(dataSource: DataSource, parts: RunnerParts = {}): ScoreRunner {
  const settings = parts.settings ?? loadSettings({});
  const clock = parts.clock ?? new Clock();
  return new ScoreRunner(
    dataSource,
    new ScoreRunsRepository(),
    new ScoresRepository(),
    parts.features ?? new FeaturesRepository(settings, clock),
    new ScorecardsRepository(dataSource),
    { drain: parts.drain ?? (() => Promise.resolve()) } as RollUpService,
    settings,
    clock,
    Object.assign(new RunPace(), parts.pace),
  );
}
