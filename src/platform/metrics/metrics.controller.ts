import { Controller, Get, Header } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/scopes.js';
import { AnyQuery } from '../http/known-query.guard.js';
import { Metrics } from './metrics.js';

@ApiTags('System')
@AnyQuery()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /**
   * Get metrics for Prometheus
   * @remarks Needs no API key, as Prometheus expects. Contains no data about accounts or people.
   */
  @Get()
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiProduces('text/plain')
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
