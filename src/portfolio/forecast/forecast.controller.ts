import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { PortfolioForecast } from './forecast.dto.js';
import { ForecastService } from './forecast.service.js';

@ApiTags('Portfolio')
@Scope('read')
@Controller('v1/portfolio/forecast')
export class ForecastController {
  constructor(private readonly forecasts: ForecastService) {}

  /**
   * Forecast renewals, contraction, expansion and churn for 12 months, and compare past forecasts with what happened
   * @remarks Covers today's customers, based on their newest scores. Accounts that have given notice churn on their renewal date, within 90 days at
   * most. The 90% intervals cover both chance for each account and uncertainty about the risk shared by all accounts.
   */
  @Get()
  get(): Promise<PortfolioForecast> {
    return this.forecasts.forecast();
  }
}
