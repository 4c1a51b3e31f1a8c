import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { PortfolioSummary, SummaryQueryDto } from './summary.dto.js';
import { SummaryService } from './summary.service.js';

@ApiTags('Portfolio')
@Scope('read')
@Controller('v1/portfolio/summary')
export class SummaryController {
  constructor(private readonly summaries: SummaryService) {}

  /**
   * How all accounts stand: by health and status, who is at risk or leaving, who moved, what is up for renewal
   * @remarks By the newest scores, each account once; internal and merged ones are left out. Sums are in the reporting currency. Everything is 0
   * before the first score run.
   */
  @Get()
  get(@Query() query: SummaryQueryDto): Promise<PortfolioSummary> {
    return this.summaries.summary(query);
  }
}
