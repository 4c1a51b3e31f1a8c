import type { Client } from 'pg';

/** Days of usage history. */
const DAYS = 90;

/**
 * Inserts accounts as intake would leave them: for each about 100 roll-up rows over 90 days, 12 users per month, 3 tickets, a subscription and
 * a contact who is the champion. Rows of a day are adjacent, as if they had arrived in order.
 */
export async function fill(db: Client, from: number, to: number): Promise<void> {
  const numbers = `generate_series(${from + 1}, ${to}) AS n`;
  await db.query(`
    INSERT INTO account (id, first_fact_at) SELECT 'bench-' || n, now() - interval '400 days' FROM ${numbers};
    CREATE TEMP TABLE made AS SELECT account_id, split_part(id, '-', 2)::int AS n FROM account WHERE split_part(id, '-', 2)::int > ${from};
    INSERT INTO account_ref (ref, account_id, source) SELECT 'bench-' || n, account_id, 'id' FROM made;
    INSERT INTO account_state (account_id, id, valid_from, valid_to, name, csm, created_at)
      SELECT account_id, 'bench-' || n, '-infinity', 'infinity', 'Account ' || n, 'csm-' || n % 100, now() - interval '400 days' FROM made;
    INSERT INTO subscription (account_id, id, valid_from, valid_to, product, plan, seats, mrr, currency, started_at, renews_at, notice_given_at)
      SELECT account_id, 'sub-' || n, '-infinity', 'infinity', 'core', 'pro', 15, 10000 + n % 500 * 1000, 'USD', now() - interval '300 days',
        now() + n % 365 * interval '1 day', CASE WHEN n % 50 = 0 THEN now() - interval '5 days' END FROM made;
    INSERT INTO ticket (account_id, id, valid_from, valid_to, priority, opened_at, first_response_at, resolved_at, csat)
      SELECT account_id, 't-' || n || '-' || k, '-infinity', 'infinity', CASE WHEN (n + k) % 10 = 0 THEN 'urgent' ELSE 'normal' END,
        now() - (n * 7 + k * 31) % 88 * interval '1 day' - interval '2 days',
        now() - (n * 7 + k * 31) % 88 * interval '1 day' - interval '47 hours',
        CASE WHEN (n + k) % 20 > 0 THEN now() - (n * 7 + k * 31) % 88 * interval '1 day' - interval '1 day' END, 1 + (n + 2 * k) % 5
      FROM made, generate_series(1, 3) AS k;
    INSERT INTO contact (account_id, id, valid_from, valid_to, user_ids, role)
      SELECT account_id, 'contact-' || n, '-infinity', 'infinity', ARRAY['u-' || n || '-1'], 'champion' FROM made;
    INSERT INTO survey (account_id, id, valid_from, valid_to, kind, score, answered_at)
      SELECT account_id, 's-' || n, '-infinity', 'infinity', 'nps', n % 11, now() - n % 90 * interval '1 day' FROM made;
    INSERT INTO invoice (account_id, id, valid_from, valid_to, issued_at, due_at, paid_at, amount, currency)
      SELECT account_id, 'i-' || n, '-infinity', 'infinity', now() - interval '40 days', now() - interval '10 days',
        CASE WHEN n % 12 > 0 THEN now() - interval '12 days' END, 100000, 'USD' FROM made;
    INSERT INTO user_month (account_id, month, user_id, days)
      SELECT account_id, (date_trunc('month', now() AT TIME ZONE 'UTC') - k * interval '1 month')::date, 'u-' || n || '-' || u, (n * 7919 + u * 104729 + k * 31) & 2147483647
      FROM generate_series(0, 3) AS k, made, generate_series(1, 12) AS u`);
  for (let back = DAYS - 1; back >= 0; back--) {
    await db.query(
      `INSERT INTO usage_day (account_id, day, event, events)
       SELECT account_id, (now() AT TIME ZONE 'UTC')::date - $1::int, 'event-' || (n + $1 + k) % 6, 1 + (n * $1 + k) % 20
       FROM made, generate_series(0, CASE WHEN (n + $1) % 9 = 0 THEN 1 ELSE 0 END) AS k`,
      [back],
    );
  }
  await db.query(
    `INSERT INTO used_day SELECT (now() AT TIME ZONE 'UTC')::date - back FROM generate_series(0, $1::int - 1) AS back ON CONFLICT DO NOTHING`,
    [DAYS],
  );
  await db.query('DROP TABLE made');
}
