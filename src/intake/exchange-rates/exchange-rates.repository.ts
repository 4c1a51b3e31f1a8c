import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { markTouched } from '../../accounts/touched-accounts.repository.js';
import type { ExchangeRateDto } from './exchange-rate.dto.js';

export type RatePosition = Pick<ExchangeRateDto, 'day' | 'base' | 'quote'>;

@Injectable()
export class ExchangeRatesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Of several for the same pair and day, the last one counts. Accounts that pay in these currencies are marked for rescoring. */
  async save(manager: EntityManager, rates: readonly ExchangeRateDto[]): Promise<void> {
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
    await manager.query(
      markTouched(
        `SELECT DISTINCT account_id FROM subscription WHERE currency = ANY($1) AND valid_to = 'infinity' ORDER BY account_id`,
      ),
      [rates.map((r) => r.base)],
    );
  }

  /** Up to `limit` rates after `position`, newest first. */
  async list(position: RatePosition | null, limit: number): Promise<ExchangeRateDto[]> {
    const rows: (RatePosition & { rate: string })[] = await this.dataSource.query(
      `SELECT base, quote, day, rate FROM exchange_rate
       WHERE $1::date IS NULL OR day < $1 OR (day = $1 AND (base, quote) > ($2, $3))
       ORDER BY day DESC, base, quote LIMIT $4`,
      [position?.day ?? null, position?.base ?? '', position?.quote ?? '', limit],
    );
    return rows.map((row) => ({ ...row, rate: Number(row.rate) }));
  }
}
