import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { CurrentListRepository } from './current/current-list.repository.js';
import { NamesRepository } from './current/names.repository.js';
import { FeaturesRepository } from './features/features.repository.js';
import { LayoutsRepository } from './features/layouts.repository.js';
import { SourcesRepository } from './features/sources.repository.js';
import { ChangeHistoryRepository } from './models/change-history.repository.js';
import { ModelsRepository } from './models/models.repository.js';
import { OverridesController } from './overrides/overrides.controller.js';
import { OverridesRepository } from './overrides/overrides.repository.js';
import { OverridesService } from './overrides/overrides.service.js';
import { DayPlansService } from './runs/day-plans.service.js';
import { LiveScoringService } from './runs/live-scoring.service.js';
import { RunPace } from './runs/run-pace.js';
import { ScoreDaysRepository } from './runs/score-days.repository.js';
import { ScoreRunner } from './runs/score-runner.service.js';
import { ScoreRunsController } from './runs/score-runs.controller.js';
import { ScoreRunsRepository } from './runs/score-runs.repository.js';
import { ScoreRunsService } from './runs/score-runs.service.js';
import { ScoreWriter } from './runs/score-writer.service.js';
import { ScoresRepository } from './runs/scores.repository.js';
import { ScorecardsController } from './scorecards/scorecards.controller.js';
import { ScorecardsRepository } from './scorecards/scorecards.repository.js';
import { ScorecardsService } from './scorecards/scorecards.service.js';

const providers = [
  ChangeHistoryRepository,
  CurrentListRepository,
  DayPlansService,
  FeaturesRepository,
  LayoutsRepository,
  LiveScoringService,
  ModelsRepository,
  NamesRepository,
  OverridesRepository,
  OverridesService,
  RunPace,
  ScoreDaysRepository,
  ScoreRunner,
  ScoreRunsRepository,
  ScoreRunsService,
  ScorecardsRepository,
  ScorecardsService,
  ScoresRepository,
  ScoreWriter,
  SourcesRepository,
];

@Module({
  imports: [AccountsModule, IntakeModule],
  controllers: [ScoreRunsController, ScorecardsController, OverridesController],
  providers,
  exports: providers,
})
export class ScoringModule {}
