import { Module } from '@nestjs/common';

/** The features. What they share comes from the platform, which is there without being named. */
@Module({
  imports: [],
})
export class AppModule {}
