import { Module } from '@nestjs/common';
import { IntakeModule } from './intake/intake.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { PortfolioModule } from './portfolio/portfolio.module.js';
import { ScoringModule } from './scoring/scoring.module.js';

/** The features. What they share comes from the platform, which is there without being named. */
@Module({
  imports: [IntakeModule, ScoringModule, PortfolioModule, JobsModule],
})
export class AppModule {}
