import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { AccountController } from './account/account.controller.js';
import { AccountRepository } from './account/account.repository.js';
import { TimelineRepository } from './account/timeline.repository.js';

@Module({
  imports: [IntakeModule],
  controllers: [AccountController],
  providers: [AccountRepository, TimelineRepository],
})
export class PortfolioModule {}
