import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Scope } from '../../platform/auth/scopes.js';
import { Clock } from '../../platform/clock.js';
import { dayOf, endOfDay } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { MISSING_RATE_RESPONSE } from '../../scoring/features/features.repository.js';
import { Revenue, RevenueQueryDto } from './revenue.dto.js';
import { type Moment, RevenueRepository } from './revenue.repository.js';

@ApiTags('Portfolio')
@Scope('read')
@Controller('v1/portfolio/revenue')
export class RevenueController {
  constructor(
    private readonly revenues: RevenueRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Get MRR on any day, and its movements between two days
   * @remarks A subscription runs from `startedAt` until just before `endedAt`. Other currencies are converted at the latest exchange rate on or before the day.
   */
  @Get()
  @ApiOkResponse({ type: Revenue })
  @ApiResponse(MISSING_RATE_RESPONSE)
  async get(@Query() { asOf, from, to }: RevenueQueryDto): Promise<Revenue> {
    const now = this.clock.now();
    const moment = (day: string, pointer: string): Moment => ({ day, until: endOfDay(day, now, pointer) });
    if (from === undefined && to === undefined)
      return this.revenues.revenue(moment(asOf ?? dayOf(now), '/asOf'), null);
    if (asOf !== undefined) {
      throw new DomainError('not_allowed', 400, '`asOf` cannot be combined with `from` and `to`', {
        pointer: '/asOf',
      });
    }
    if (from === undefined)
      throw new DomainError('missing', 400, '`from` is required with `to`', { pointer: '/from' });
    const end = moment(to ?? dayOf(now), '/to');
    const start = moment(from, '/from');
    if (start.day > end.day)
      throw new DomainError('out_of_range', 400, '`from` must not be after `to`', { pointer: '/from' });
    return this.revenues.revenue(end, start);
  }
}
