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
   * Is the process alive?
   * @remarks Never touches the database: a process whose database is down must not be restarted for it.
   */
  @Get('livez')
  live(): Health {
    return { status: 'ok' };
  }

  /**
   * Can requests be sent here?
   * @remarks 503 while the database does not answer within 2 seconds or its disk is full, and once the service has begun to stop. It listens only after
   * the migrations have run.
   */
  @Get('readyz')
  async ready(): Promise<Health> {
    if (this.lifecycle.draining) throw new DomainError('stopping', 503, 'The service is stopping');
    this.disk.expectRoom();
    if (!(await this.databaseAnswers())) {
      throw new DomainError('database_unavailable', 503, 'The database does not answer', {
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
