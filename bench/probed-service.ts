import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import { Scope } from '../src/platform/auth/scopes.js';
import { run } from '../src/platform/run.js';

/** The service plus a handler with a minimal query, the baseline for reads. */
@Controller('v1/bench-select-one')
class ProbeController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @Scope('read')
  async one(): Promise<unknown> {
    return this.dataSource.query('SELECT 1 AS one');
  }
}

@Module({ imports: [AppModule], controllers: [ProbeController] })
class ProbedModule {}

await run(ProbedModule, process.env);
