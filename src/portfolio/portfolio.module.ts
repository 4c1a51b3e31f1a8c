import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { ScoringModule } from '../scoring/scoring.module.js';
import { AccountController } from './account/account.controller.js';
import { AccountRepository } from './account/account.repository.js';
import { TimelineRepository } from './account/timeline.repository.js';
import { FamilyController } from './family/family.controller.js';
import { FamilyRepository } from './family/family.repository.js';
import { FamilyService } from './family/family.service.js';
import { RevenueController } from './revenue/revenue.controller.js';
import { RevenueRepository } from './revenue/revenue.repository.js';
import { AccountListController } from './list/account-list.controller.js';
import { AccountListRepository } from './list/account-list.repository.js';
import { AccountListService } from './list/account-list.service.js';
import { AccountScoresService } from './scores/account-scores.service.js';
import { ScoresController } from './scores/scores.controller.js';

@Module({
  imports: [IntakeModule, ScoringModule],
  controllers: [
    AccountListController,
    ScoresController,
    AccountController,
    FamilyController,
    RevenueController,
  ],
  providers: [
    AccountListRepository,
    AccountListService,
    AccountScoresService,
    AccountRepository,
    TimelineRepository,
    FamilyRepository,
    FamilyService,
    RevenueRepository,
  ],
})
export class PortfolioModule {}
