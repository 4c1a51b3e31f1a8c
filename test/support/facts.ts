import type { DataSource } from 'typeorm';

type Fields = Record<string, unknown>;

/** Inserts facts as intake would leave them. Rows without dates are valid for all time. */
export class Facts {
  private serial = 0;

  constructor(private readonly dataSource: DataSource) {}

  async account(fields: Fields = {}): Promise<number> {
    const { id = `A-${++this.serial}`, first_fact_at = '2020-01-01', merged_into = null, ...state } = fields;
    const [row] = await this.dataSource.query<{ account_id: number }[]>(
      'INSERT INTO account (id, first_fact_at, merged_into) VALUES ($1, $2, $3) RETURNING account_id',
      [id, first_fact_at, merged_into],
    );
    const accountId = row?.account_id ?? 0;
    await this.dataSource.query(`INSERT INTO account_ref (ref, account_id, source) VALUES ($1, $2, 'id')`, [
      id,
      accountId,
    ]);
    await this.record('account_state', accountId, { id, ...state });
    return accountId;
  }

  async record(table: string, accountId: number, fields: Fields = {}): Promise<void> {
    await this.insert(table, {
      id: `R-${++this.serial}`,
      valid_from: '-infinity',
      valid_to: 'infinity',
      account_id: accountId,
      ...fields,
    });
  }

  subscription(accountId: number, fields: Fields = {}): Promise<void> {
    return this.record('subscription', accountId, {
      mrr: 10_000,
      currency: 'USD',
      started_at: '2023-01-01',
      ...fields,
    });
  }

  ticket(accountId: number, fields: Fields = {}): Promise<void> {
    return this.record('ticket', accountId, { priority: 'normal', opened_at: '2024-06-01', ...fields });
  }

  /** Adds `events` on each day. */
  async usage(accountId: number, days: readonly string[], events = 1): Promise<void> {
    await this.dataSource.query(
      `WITH used AS (INSERT INTO used_day SELECT unnest($2::date[]) ON CONFLICT DO NOTHING)
       INSERT INTO usage_day (account_id, day, event, events) SELECT $1, day, 'opened', $3 FROM unnest($2::date[]) AS day
       ON CONFLICT (account_id, day, event) DO UPDATE SET events = usage_day.events + excluded.events`,
      [accountId, days, events],
    );
  }

  /** Adds a user active on each day. */
  async activeUser(accountId: number, userId: string, days: readonly string[]): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO user_month (account_id, month, user_id, days)
       SELECT $1, date_trunc('month', day), $2, bit_or(1 << extract(day FROM day)::int - 1) FROM unnest($3::date[]) AS day GROUP BY 2
       ON CONFLICT (account_id, month, user_id) DO UPDATE SET days = user_month.days | excluded.days`,
      [accountId, userId, days],
    );
  }

  invoice(accountId: number, fields: Fields = {}): Promise<void> {
    return this.record('invoice', accountId, {
      issued_at: '2024-11-01',
      due_at: '2024-12-01',
      paid_at: '2024-11-20',
      amount: 10_000,
      currency: 'USD',
      ...fields,
    });
  }

  async rate(base: string, day: string, rate: string, quote = 'USD'): Promise<void> {
    await this.insert('exchange_rate', { base, quote, day, rate });
  }

  async touch(accountId: number): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO touched_account VALUES ($1, clock_timestamp())
       ON CONFLICT (account_id) DO UPDATE SET touched_at = excluded.touched_at`,
      [accountId],
    );
  }

  private async insert(table: string, fields: Fields): Promise<void> {
    const names = Object.keys(fields);
    const places = names.map((_, index) => `$${index + 1}`);
    await this.dataSource.query(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(fields),
    );
  }
}

/** The day this many days later, `YYYY-MM-DD`. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The last `count` days up to the given one. */
export function daysUpTo(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, back) => plusDays(day, -back));
}
