import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Caller, Scope, type CallerIdentity } from '../../platform/auth/scopes.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { DomainError } from '../../platform/errors.js';
import { parseInstant } from '../../platform/validation/instant.js';
import { ExchangeRatesDto } from './exchange-rate.dto.js';

@ApiTags('Records')
@Controller('v1/exchange-rates')
export class ExchangeRatesController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Store exchange rates into the reporting currency
   * @remarks A rate of the same pair and day is replaced, others stay. A past day's figures follow at its next run.
   */
  @Put()
  @Scope('ingest')
  @ApiResponse({ status: 200, description: 'Stored.', type: ExchangeRatesDto })
  async put(
    @Body() { rates }: ExchangeRatesDto,
    @Caller() caller: CallerIdentity,
  ): Promise<ExchangeRatesDto> {
    rates.forEach((rate, i) => {
      // class-validator looks into a list within the list and lets it through.
      if (Array.isArray(rate)) {
        throw new DomainError('wrong_type', 400, 'a rate must be an object', { pointer: `/rates/${i}` });
      }
      const { day, base, quote } = rate;
      if (parseInstant(day) === undefined) {
        throw new DomainError('malformed', 400, 'day is not a day of the calendar from 1900 on', {
          pointer: `/rates/${i}/day`,
        });
      }
      if (base === quote) {
        throw new DomainError('not_allowed', 400, 'base and quote are the same currency', {
          pointer: `/rates/${i}/quote`,
        });
      }
    });
    await inTransaction(this.dataSource, async (manager) => {
      await manager.query(
        `INSERT INTO exchange_rate (base, quote, day, rate)
         SELECT DISTINCT ON (base, quote, day) base, quote, day, rate
         FROM unnest($1::text[], $2::text[], $3::date[], $4::numeric[]) WITH ORDINALITY AS t(base, quote, day, rate, place)
         ORDER BY base, quote, day, place DESC
         ON CONFLICT (base, quote, day) DO UPDATE SET rate = excluded.rate`,
        [
          rates.map((r) => r.base),
          rates.map((r) => r.quote),
          rates.map((r) => r.day),
          rates.map((r) => r.rate),
        ],
      );
      await this.audit.record(manager, {
        actor: caller.keyId,
        action: 'exchange_rates.put',
        target: 'exchange-rates',
        detail: { count: rates.length },
      });
    });
    return { rates };
  }

  /** The exchange rates stored, the newest first */
  @Get()
  @Scope('read')
  async list(): Promise<ExchangeRatesDto> {
    const rows: { base: string; quote: string; day: string; rate: string }[] = await this.dataSource.query(
      'SELECT base, quote, day, rate FROM exchange_rate ORDER BY day DESC, base, quote LIMIT 10000',
    );
    return { rates: rows.map((row) => ({ ...row, rate: Number(row.rate) })) };
  }
}
