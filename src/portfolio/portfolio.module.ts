import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { ScoringModule } from '../scoring/scoring.module.js';
import { AccountIdsRepository } from './account/account-ids.repository.js';
import { AccountPageService } from './account/account-page.service.js';
import { AccountController } from './account/account.controller.js';
import { AccountRepository } from './account/account.repository.js';
import { TimelineRepository } from './account/timeline.repository.js';
import { ScoreChangesService } from './changes/score-changes.service.js';
import { FamilyController } from './family/family.controller.js';
import { FamilyRepository } from './family/family.repository.js';
import { FamilyService } from './family/family.service.js';
import { ForecastController } from './forecast/forecast.controller.js';
import { ForecastRepository } from './forecast/forecast.repository.js';
import { ForecastService } from './forecast/forecast.service.js';
import { ScoreHistoryController } from './history/score-history.controller.js';
import { RevenueController } from './revenue/revenue.controller.js';
import { RevenueRepository } from './revenue/revenue.repository.js';
import { AccountListController } from './list/account-list.controller.js';
import { AccountListRepository } from './list/account-list.repository.js';
import { AccountListService } from './list/account-list.service.js';
import { AccountScoresService } from './scores/account-scores.service.js';
import { ScoresController } from './scores/scores.controller.js';
import { StoredScoresRepository } from './scores/stored-scores.repository.js';
import { SourceStateRepository } from './sources/source-state.repository.js';
import { SourceWatchService } from './sources/source-watch.service.js';
import { SourcesController } from './sources/sources.controller.js';
import { SummaryController } from './summary/summary.controller.js';
import { SummaryRepository } from './summary/summary.repository.js';
import { SummaryService } from './summary/summary.service.js';
import { WhatIfController } from './what-if/what-if.controller.js';
import { WhatIfService } from './what-if/what-if.service.js';

@Module({
  imports: [IntakeModule, ScoringModule],
  controllers: [
    AccountListController,
    ScoresController,
    ScoreHistoryController,
    SummaryController,
    SourcesController,
    AccountController,
    FamilyController,
    RevenueController,
    ForecastController,
    WhatIfController,
  ],
  providers: [
    AccountListRepository,
    AccountListService,
    AccountScoresService,
    AccountIdsRepository,
    AccountPageService,
    ScoreChangesService,
    SourceStateRepository,
    SourceWatchService,
    StoredScoresRepository,
    SummaryRepository,
    SummaryService,
    AccountRepository,
    TimelineRepository,
    FamilyRepository,
    FamilyService,
    RevenueRepository,
    ForecastRepository,
    ForecastService,
    WhatIfService,
  ],
  exports: [ForecastService, SourceWatchService],
})
export class PortfolioModule {}
