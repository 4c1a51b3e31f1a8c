import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { CurrentListRepository } from './scores/current-list.repository.js';
import { NamesRepository } from './scores/names.repository.js';
import { FeaturesRepository } from './features/features.repository.js';
import { LayoutsRepository } from './features/layouts.repository.js';
import { SourcesRepository } from './features/sources.repository.js';
import { HistoryReader } from './history/history-reader.js';
import { PaidSpansRepository } from './history/paid-spans.repository.js';
import { ChangeHistoryRepository } from './models/change-history.repository.js';
import { ModelChecksRepository } from './models/checks/model-checks.repository.js';
import { ModelChecksService } from './models/checks/model-checks.service.js';
import { ModelsController } from './models/models.controller.js';
import { ModelsRepository } from './models/models.repository.js';
import { ModelsService } from './models/models.service.js';
import { OverridesController } from './overrides/overrides.controller.js';
import { OverridesRepository } from './overrides/overrides.repository.js';
import { OverridesService } from './overrides/overrides.service.js';
import { DayPlansService } from './runs/day-plans.service.js';
import { LiveScoringService } from './runs/live-scoring.service.js';
import { RunPace } from './runs/run-pace.js';
import { ScoreDaysRepository } from './runs/score-days.repository.js';
import { ScoreRunner } from './runs/score-runner.service.js';
import { ScoreRunsController } from './runs/score-runs.controller.js';
import { ScoreRunsRepository } from './queue/score-runs.repository.js';
import { ScoreRunsService } from './runs/score-runs.service.js';
import { ScoreWriter } from './runs/score-writer.service.js';
import { ScoresRepository } from './scores/scores.repository.js';
import { PastService } from './proof/past.service.js';
import { PreviewService } from './proof/preview.service.js';
import { ProofController } from './proof/proof.controller.js';
import { ProofService } from './proof/proof.service.js';
import { ScoredDayRepository } from './proof/scored-day.repository.js';
import { ScorecardsController } from './scorecards/scorecards.controller.js';
import { ScorecardsRepository } from './scorecards/scorecards.repository.js';
import { ScorecardsService } from './scorecards/scorecards.service.js';
import { TrainingPace } from './training/training-pace.js';
import { TrainingRunner } from './training/training-runner.service.js';
import { TrainingsController } from './training/trainings.controller.js';
import { TrainingsRepository } from './training/trainings.repository.js';
import { TrainingsService } from './training/trainings.service.js';

const providers = [
  ChangeHistoryRepository,
  CurrentListRepository,
  DayPlansService,
  FeaturesRepository,
  HistoryReader,
  LayoutsRepository,
  LiveScoringService,
  ModelChecksRepository,
  ModelChecksService,
  ModelsRepository,
  ModelsService,
  NamesRepository,
  OverridesRepository,
  OverridesService,
  PaidSpansRepository,
  PastService,
  PreviewService,
  ProofService,
  RunPace,
  ScoreDaysRepository,
  ScoreRunner,
  ScoreRunsRepository,
  ScoreRunsService,
  ScorecardsRepository,
  ScoredDayRepository,
  ScorecardsService,
  ScoresRepository,
  ScoreWriter,
  SourcesRepository,
  TrainingPace,
  TrainingRunner,
  TrainingsRepository,
  TrainingsService,
];

@Module({
  imports: [AccountsModule, IntakeModule],
  controllers: [
    ScoreRunsController,
    ScorecardsController,
    ProofController,
    OverridesController,
    TrainingsController,
    ModelsController,
  ],
  providers,
  exports: providers,
})
export class ScoringModule {}
