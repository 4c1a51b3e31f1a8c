import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { IntakeModule } from '../intake/intake.module.js';
import { PortfolioModule } from '../portfolio/portfolio.module.js';
import { ScoringModule } from '../scoring/scoring.module.js';
import { JobRunsService } from './job-runs.service.js';
import { JobSlotsService } from './job-slots.service.js';
import { Schedule } from './schedule.js';

@Module({
  imports: [ScheduleModule.forRoot(), IntakeModule, ScoringModule, PortfolioModule],
  providers: [JobSlotsService, JobRunsService, Schedule],
})
export class JobsModule {}
