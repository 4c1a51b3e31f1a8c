import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { FeaturesRepository } from './features/features.repository.js';
import { SourcesRepository } from './features/sources.repository.js';
import { RunPace } from './runs/run-pace.js';
import { ScoreRunner } from './runs/score-runner.service.js';
import { ScoreRunsController } from './runs/score-runs.controller.js';
import { ScoreRunsRepository } from './runs/score-runs.repository.js';
import { ScoreRunsService } from './runs/score-runs.service.js';
import { ScoresRepository } from './runs/scores.repository.js';
import { ScorecardsRepository } from './scorecards/scorecards.repository.js';

@Module({
  imports: [IntakeModule],
  controllers: [ScoreRunsController],
  providers: [
    FeaturesRepository,
    RunPace,
    ScoreRunner,
    ScoreRunsRepository,
    ScoreRunsService,
    ScoresRepository,
    ScorecardsRepository,
    SourcesRepository,
  ],
  exports: [
    FeaturesRepository,
    ScoreRunner,
    ScoreRunsRepository,
    ScoresRepository,
    ScorecardsRepository,
    SourcesRepository,
  ],
})
export class ScoringModule {}
