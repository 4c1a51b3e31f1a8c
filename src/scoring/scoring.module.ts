import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { CurrentListRepository } from './current/current-list.repository.js';
import { NamesRepository } from './current/names.repository.js';
import { FeaturesRepository } from './features/features.repository.js';
import { LayoutsRepository } from './features/layouts.repository.js';
import { SourcesRepository } from './features/sources.repository.js';
import { ChangeHistoryRepository } from './models/change-history.repository.js';
import { ModelsRepository } from './models/models.repository.js';
import { OverridesRepository } from './overrides/overrides.repository.js';
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
import { ScorecardsRepository } from './scorecards/scorecards.repository.js';

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
  RunPace,
  ScoreDaysRepository,
  ScoreRunner,
  ScoreRunsRepository,
  ScoreRunsService,
  ScorecardsRepository,
  ScoresRepository,
  ScoreWriter,
  SourcesRepository,
];

@Module({
  imports: [IntakeModule],
  controllers: [ScoreRunsController],
  providers,
  exports: providers,
})
export class ScoringModule {}
