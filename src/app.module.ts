import { Module } from '@nestjs/common';
import { IntakeModule } from './intake/intake.module.js';
import { PortfolioModule } from './portfolio/portfolio.module.js';

/** The features. What they share comes from the platform, which is there without being named. */
@Module({
  imports: [IntakeModule, PortfolioModule],
})
export class AppModule {}
