import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../../platform/settings.js';
import { UNUSUAL_DIGITS } from '../../platform/currencies.js';
import { missingRate } from '../../scoring/features/features.repository.js';
import type { Revenue, RevenueMovements, RevenueState } from './revenue.dto.js';
import { REVENUE_SQL } from './revenue.sql.js';

/** The end of a UTC day, or now for today. */
export interface Moment {
  day: string;
  until: Date;
}

type Column =
  | 'mrr'
  | 'subscriptions'
  | 'accounts'
  | 'start_mrr'
  | 'start_subscriptions'
  | 'start_accounts'
  | keyof RevenueMovements;
type Row = Record<Column, string> & { without_rate: string | null };

@Injectable()
export class RevenueRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
  ) {}

  /** Throws 422 `missing_exchange_rate` if an account's MRR cannot be converted. */
  async revenue(end: Moment, start: Moment | null): Promise<Revenue> {
    const currency = this.settings.reportingCurrency;
    const [row]: Row[] = await this.dataSource.query(REVENUE_SQL, [
      end.day,
      end.until,
      start?.until ?? null,
      currency,
      [...UNUSUAL_DIGITS.keys()],
      [...UNUSUAL_DIGITS.values()],
      this.settings.graceDays,
    ]);
    if (!row) throw new Error('an aggregate gives one row');
    if (row.without_rate !== null) throw missingRate(row.without_rate, currency, end.day);
    const stateOf = (asOf: string, mrr: string, subscriptions: string, accounts: string): RevenueState => ({
      asOf,
      mrr: { amount: Number(mrr), currency },
      subscriptions: Number(subscriptions),
      accounts: Number(accounts),
    });
    const now = stateOf(end.day, row.mrr, row.subscriptions, row.accounts);
    if (start === null) return { currency, ...now, start: null, end: null, movements: null };
    return {
      currency,
      ...now,
      start: stateOf(start.day, row.start_mrr, row.start_subscriptions, row.start_accounts),
      end: now,
      movements: movementsOf(row),
    };
  }
}

function movementsOf(row: Row): RevenueMovements {
  return {
    new: Number(row.new),
    expansion: Number(row.expansion),
    contraction: Number(row.contraction),
    churn: Number(row.churn),
    reactivation: Number(row.reactivation),
  };
}
