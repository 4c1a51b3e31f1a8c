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
   * What is expected to renew, contract, expand and leave in twelve months, and how well that was expected before
   * @remarks Of today's customers, by the newest scores of all of them. Accounts that have given notice leave on their renewal date, after 90 days at
   * the latest. The 90 % intervals hold both chance, each account for itself, and how unsure the risks are, for all accounts alike.
   */
  @Get()
  get(): Promise<PortfolioForecast> {
    return this.forecasts.forecast();
  }
}
