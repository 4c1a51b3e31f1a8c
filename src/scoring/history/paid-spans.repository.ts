import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  isCounted,
  isFreePeriod,
  isPaid,
  priceOf,
  sinceOf,
  untilOf,
} from '../../accounts/states/as-of.sql.js';
import { PaidSpans } from './paid-spans.js';

const CHUNK = 5_000;

interface Row {
  account_id: number;
  from: number;
  to: number;
  mrr: number;
  ends: boolean;
}

const milliseconds = (instant: string) => `(1000 * extract(epoch FROM ${instant}))::float8`;

/** Known before $1, with the days of grace $2. The dates of a subscription are those of its newest statement; its price has states. */
const SQL = `
SELECT s.account_id, ${milliseconds('s.began')} AS "from", ${milliseconds('s.until')} AS "to", s.mrr::float8 AS mrr, coalesce(s.ended_at, 'infinity') = s.until AS ends
FROM (
  SELECT account_id, ${priceOf('p')} AS mrr, ended_at, ${sinceOf('p')} AS began, ${untilOf('p')} AS until FROM subscription p
  WHERE valid_from < $1 AND started_at < $1 AND (${isPaid('p')} OR ${isFreePeriod('p', '$1', '$2')})
) AS s
JOIN account a USING (account_id)
WHERE s.began < s.until AND ${isCounted('a')}
ORDER BY s.account_id, 2, 3`;

@Injectable()
export class PaidSpansRepository {
  /** Of all accounts but internal and merged ones, read so many at a time. A free period of a customer is a span at 0. */
  async before(manager: EntityManager, until: Date, graceDays: number): Promise<PaidSpans> {
    const spans = new PaidSpans();
    await manager.transaction(async (tx) => {
      await tx.query(`SET LOCAL enable_nestloop = off; SET LOCAL cursor_tuple_fraction = 1`);
      await tx.query(`DECLARE paid_spans NO SCROLL CURSOR FOR ${SQL}`, [until, graceDays]);
      for (;;) {
        const rows = await tx.query<Row[]>(`FETCH ${CHUNK} FROM paid_spans`);
        for (const { account_id: accountId, from, to, mrr, ends } of rows) {
          spans.add(accountId, { from, to, mrr, ends: ends && to < Infinity });
        }
        if (rows.length < CHUNK) return;
      }
    });
    return spans;
  }
}
