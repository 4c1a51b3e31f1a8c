import { Module } from '@nestjs/common';
import { IntakeModule } from './intake/intake.module.js';

/** The features. What they share comes from the platform, which is there without being named. */
@Module({
  imports: [IntakeModule],
})
export class AppModule {}
