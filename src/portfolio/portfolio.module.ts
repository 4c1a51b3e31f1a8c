import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { AccountController } from './account/account.controller.js';
import { AccountRepository } from './account/account.repository.js';
import { TimelineRepository } from './account/timeline.repository.js';
import { RevenueController } from './revenue/revenue.controller.js';
import { RevenueRepository } from './revenue/revenue.repository.js';

@Module({
  imports: [IntakeModule],
  controllers: [AccountController, RevenueController],
  providers: [AccountRepository, TimelineRepository, RevenueRepository],
})
export class PortfolioModule {}
