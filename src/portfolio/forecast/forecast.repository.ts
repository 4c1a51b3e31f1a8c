import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { inTransaction } from '../../platform/database/transaction.js';
import type { Figure, ForecastMonth } from '../../scoring/model/forecast.js';
import type { ForecastSteps } from './forecast.dto.js';
import { ACCOUNTS, STEPS } from './forecast.sql.js';

export interface AccountRow {
  mrr: number | null;
  /** Place in STATUSES. */
  status: number;
  tier: string;
  /** In ten-thousandths, as are the others; null if not predicted. */
  probability: number | null;
  low: number;
  high: number;
  probability12m: number;
  renews_in: number | null;
  contraction: number | null;
  expansion: number | null;
}

export interface StoredMonth extends ForecastMonth {
  /** The month's first day. */
  readonly month: string;
}

export interface MadeForecast {
  readonly madeOn: string;
  /** The instant as of which its accounts are counted. */
  readonly at: Date;
  readonly currency: string;
  readonly accounts: number;
  readonly withoutMrr: number;
  readonly steps: readonly ForecastSteps[];
}

/** The last forecast made before a month that has since ended. */
export interface EndedMonth {
  readonly madeOn: string;
  readonly at: Date;
  readonly month: string;
  readonly end: Figure;
  readonly actual: number | null;
  /** Its actual MRR was never computed, or late facts may have changed it. */
  readonly isOpen: boolean;
}

/** Null if there were too few. */
export interface TierSteps {
  /** Null: all of them. */
  readonly tier: string | null;
  readonly contraction: number | null;
  readonly expansion: number | null;
}

type Triple = [expected: number, low: number, high: number];
interface MonthRow extends Record<(typeof TRIPLES)[number], Triple> {
  month: string;
  up_for_renewal: number;
}

const TRIPLES = ['start_mrr', 'renew', 'contract', 'expand', 'leave', 'end_mrr', 'accounts_leaving'] as const;
/** Accounts read at a time. */
const CHUNK = 5_000;
/** Minimum number of steps for a median; a judgment call. */
const MIN_STEPS = 10;
/** Days after the first of a month; later facts no longer change its actual MRR. */
const SETTLED_AFTER = '3 months';

@Injectable()
export class ForecastRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Reads the day's scores in chunks, since all of them may not fit in memory. */
  async *accounts(day: string): AsyncGenerator<AccountRow[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query(`DECLARE forecast_account NO SCROLL CURSOR FOR ${ACCOUNTS}`, [day]);
      const fetch = () => runner.query(`FETCH ${CHUNK} FROM forecast_account`) as Promise<AccountRow[]>;
      let next = fetch();
      for (let rows = await next; rows.length > 0; rows = await next) {
        // Read the next chunk while this one is processed.
        next = fetch();
        // If the iteration ends early, nobody awaits this promise; ignore its failure.
        next.catch(() => undefined);
        yield rows;
      }
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }

  async steps(at: Date, day: string): Promise<TierSteps[]> {
    return this.dataSource.transaction(async (tx) => {
      // A freshly loaded database has no statistics, and its planner would pick nested loops.
      await tx.query(`SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'`);
      return tx.query<TierSteps[]>(STEPS, [at, day, MIN_STEPS]);
    });
  }

  /** Replaces the one made on the day before. */
  async store(made: MadeForecast, months: readonly StoredMonth[]): Promise<void> {
    await inTransaction(this.dataSource, async (tx) => {
      await tx.query(
        `INSERT INTO forecast AS f (made_on, at, currency, accounts, without_mrr, steps) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (made_on) DO UPDATE SET at = excluded.at, currency = excluded.currency, accounts = excluded.accounts,
           without_mrr = excluded.without_mrr, steps = excluded.steps`,
        [made.madeOn, made.at, made.currency, made.accounts, made.withoutMrr, JSON.stringify(made.steps)],
      );
      await tx.query('DELETE FROM forecast_month WHERE made_on = $1', [made.madeOn]);
      await tx.query(
        `INSERT INTO forecast_month (made_on, month, up_for_renewal, ${TRIPLES.join(', ')})
         SELECT $1, month, up_for_renewal, ${TRIPLES.join(', ')} FROM json_populate_recordset(NULL::forecast_month, $2)`,
        [made.madeOn, JSON.stringify(months.map(rowOf))],
      );
    });
  }

  async find(madeOn: string): Promise<MadeForecast | null> {
    const [row] = await this.dataSource.query<MadeForecast[]>(
      `SELECT made_on AS "madeOn", at, currency, accounts, without_mrr AS "withoutMrr", steps FROM forecast WHERE made_on = $1`,
      [madeOn],
    );
    return row ?? null;
  }

  async months(madeOn: string): Promise<StoredMonth[]> {
    const rows = await this.dataSource.query<MonthRow[]>(
      `SELECT month, up_for_renewal, ${TRIPLES.join(', ')} FROM forecast_month WHERE made_on = $1 ORDER BY month`,
      [madeOn],
    );
    return rows.map(monthOf);
  }

  /** Months that ended before `today`, newest first. */
  async ended(currency: string, today: string, limit: number): Promise<EndedMonth[]> {
    const rows = await this.dataSource.query<(Omit<EndedMonth, 'end'> & { end_mrr: Triple })[]>(
      `SELECT DISTINCT ON (m.month) m.made_on AS "madeOn", f.at, m.month, m.end_mrr, m.actual,
         m.actual_at IS NULL OR m.actual_at < least($2::date, m.month + interval '${SETTLED_AFTER}') AS "isOpen"
       FROM forecast_month m JOIN forecast f USING (made_on)
       WHERE f.currency = $1 AND m.month < date_trunc('month', $2::date) AND m.made_on < m.month
       ORDER BY m.month DESC, m.made_on DESC LIMIT $3`,
      [currency, today, limit],
    );
    return rows.map(({ end_mrr, ...row }) => ({ ...row, end: figureOf(end_mrr) }));
  }

  async keepActual({ madeOn, month }: EndedMonth, actual: number | null, at: Date): Promise<void> {
    await this.dataSource.query(
      'UPDATE forecast_month SET actual = $3, actual_at = $4 WHERE made_on = $1 AND month = $2',
      [madeOn, month, actual, at],
    );
  }
}

function rowOf({ month, start, end, ...rest }: StoredMonth): MonthRow {
  const { accountsLeaving: accounts } = rest;
  return {
    month,
    up_for_renewal: storable(rest.upForRenewal),
    start_mrr: tripleOf(start),
    renew: tripleOf(rest.renew),
    contract: tripleOf(rest.contract),
    expand: tripleOf(rest.expand),
    leave: tripleOf(rest.leave),
    end_mrr: tripleOf(end),
    accounts_leaving: tripleOf(accounts).map((count) => Math.round(10 * count)) as Triple,
  };
}

function monthOf(row: MonthRow): StoredMonth {
  return {
    month: row.month,
    start: figureOf(row.start_mrr),
    upForRenewal: row.up_for_renewal,
    renew: figureOf(row.renew),
    contract: figureOf(row.contract),
    expand: figureOf(row.expand),
    leave: figureOf(row.leave),
    end: figureOf(row.end_mrr),
    accountsLeaving: figureOf(row.accounts_leaving.map((tenths) => tenths / 10) as Triple),
  };
}

/** A month as it will be read once it is stored. */
export const asStored = (month: StoredMonth): StoredMonth => monthOf(rowOf(month));

/** Larger numbers are not exact; no amount gets there. */
const storable = (value: number): number => Math.min(Number.MAX_SAFE_INTEGER, value);
const tripleOf = ({ expected, low, high }: Figure): Triple => [
  storable(expected),
  storable(low),
  storable(high),
];
const figureOf = ([expected, low, high]: Triple): Figure => ({ expected, low, high });
