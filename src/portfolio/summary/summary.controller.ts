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
   * Summarize the portfolio: health bands, status, accounts at risk, movers and renewals
   * @remarks Based on the newest scores; each account counts once, internal and merged accounts are excluded. Amounts are in the reporting currency.
   * Everything is 0 before the first score run.
   */
  @Get()
  get(@Query() query: SummaryQueryDto): Promise<PortfolioSummary> {
    return this.summaries.summary(query);
  }
}
