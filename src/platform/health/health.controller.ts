import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Public } from '../auth/scopes.js';
import { DomainError } from '../errors.js';
import { AnyQuery } from '../http/known-query.guard.js';
import { DiskSpace } from './disk-space.js';
import { Health } from './health.dto.js';
import { Lifecycle } from './lifecycle.js';

const DATABASE_TIMEOUT_MS = 2_000;

@ApiTags('System')
@Public()
@AnyQuery()
@Controller()
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lifecycle: Lifecycle,
    private readonly disk: DiskSpace,
  ) {}

  /**
   * Check that the process is alive
   * @remarks Does not use the database, so a database outage does not make an orchestrator restart the service.
   */
  @Get('livez')
  live(): Health {
    return { status: 'ok' };
  }

  /**
   * Check that the service is ready for requests
   * @remarks Returns 503 if the database does not respond within 2 seconds, if its disk is full and during shutdown. The service listens only after its migrations have run.
   */
  @Get('readyz')
  async ready(): Promise<Health> {
    if (this.lifecycle.draining) throw new DomainError('stopping', 503, 'The service is stopping');
    this.disk.expectRoom();
    if (!(await this.databaseAnswers())) {
      throw new DomainError('database_unavailable', 503, 'The database does not respond', {
        headers: { 'Retry-After': '5' },
      });
    }
    return { status: 'ok' };
  }

  private async databaseAnswers(): Promise<boolean> {
    const answer = this.dataSource.query('select 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answer, sleep(DATABASE_TIMEOUT_MS, false, { ref: false })]);
  }
}
