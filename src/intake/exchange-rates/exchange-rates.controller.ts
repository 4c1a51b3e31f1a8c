import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { actorOf, Caller, Scope, type CallerIdentity } from '../../platform/auth/scopes.js';
import { Cursors } from '../../platform/cursors.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { DomainError } from '../../platform/errors.js';
import { TakesBody } from '../../platform/http/body-rules.js';
import { PageQueryDto } from '../../platform/page-query.dto.js';
import { parseInstant } from '../../platform/validation/instant.js';
import { ExchangeRatePageDto, ExchangeRatesDto, MAX_RATES } from './exchange-rate.dto.js';
import { ExchangeRatesRepository, type RatePosition } from './exchange-rates.repository.js';

const LIST = 'exchange-rates';

@ApiTags('Records')
@Controller('v1/exchange-rates')
export class ExchangeRatesController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly rates: ExchangeRatesRepository,
    private readonly cursors: Cursors,
  ) {}

  /**
   * Store exchange rates
   * @remarks Replaces the rate of the same pair and day. Accounts in these currencies are scored again automatically, past days at their
   * next run.
   */
  @Put()
  @Scope('ingest')
  @TakesBody({ maxValues: 100_000, maxItems: MAX_RATES })
  @ApiResponse({ status: 200, description: 'Stored.', type: ExchangeRatesDto })
  async put(
    @Body() { rates }: ExchangeRatesDto,
    @Caller() caller: CallerIdentity,
  ): Promise<ExchangeRatesDto> {
    rates.forEach((rate, i) => {
      // class-validator looks into a list within the list and lets it through.
      if (Array.isArray(rate)) {
        throw new DomainError('wrong_type', 400, 'A rate must be an object', { pointer: `/rates/${i}` });
      }
      const { day, base, quote } = rate;
      if (parseInstant(day) === undefined) {
        throw new DomainError('malformed', 400, '`day` must be a calendar day from 1900 to 9999', {
          pointer: `/rates/${i}/day`,
        });
      }
      if (base === quote) {
        throw new DomainError('not_allowed', 400, '`base` and `quote` must be different currencies', {
          pointer: `/rates/${i}/quote`,
        });
      }
    });
    await inTransaction(this.dataSource, async (manager) => {
      await this.rates.save(manager, rates);
      await this.audit.record(manager, {
        actor: actorOf(caller),
        action: 'exchange_rates.put',
        target: 'exchange-rates',
        detail: { count: rates.length },
      });
    });
    return { rates };
  }

  /** List stored exchange rates, newest first */
  @Get()
  @Scope('read')
  async list(@Query() { limit = 100, cursor }: PageQueryDto): Promise<ExchangeRatePageDto> {
    const after = cursor === undefined ? null : (this.cursors.decode(LIST, cursor) as RatePosition);
    const rows = await this.rates.list(after, limit + 1);
    return this.cursors.page(LIST, rows, limit, ({ day, base, quote }) => ({ day, base, quote }));
  }
}
