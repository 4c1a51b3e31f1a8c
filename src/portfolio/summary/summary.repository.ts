import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Status, STATUSES } from '../../scoring/features/account-features.js';
import { type Band, BANDS } from '../../scoring/model/scorecard.js';
import { pastScores, SCORE_FIELDS, TODAY_SCORES } from '../../scoring/scores/score-fields.js';
import { RENEWAL_DAYS } from '../list/accounts-query.dto.js';
import { fieldConditions, Values } from '../list/list-filters.sql.js';
import type { SummaryQueryDto } from './summary.dto.js';

export interface Tally {
  readonly accounts: number;
  /** Minor units. */
  readonly mrr: number;
}

/** Accounts of one band and status. */
export interface SummaryRow extends Tally {
  readonly band: Band;
  readonly status: Status;
  /** Accounts with unknown MRR. */
  readonly withoutMrr: number;
  readonly atRisk: Tally & { readonly expectedLoss: number };
  /** In the order of RENEWAL_DAYS. */
  readonly renewals: readonly (Tally & { readonly atRisk: Tally })[];
}

export interface ScoredDay {
  readonly asOf: string;
  readonly currency: string;
  readonly scoredAt: Date;
}

type Numbers = Record<string, number>;

const FIELDS = ['band', 'status', 'tier', 'csm', 'mrr', 'expectedLoss', 'churnRisk', 'renewsAt'] as const;
const selected = (at: 'today' | 'past'): string =>
  FIELDS.map((key) => `${SCORE_FIELDS[key][at]} AS "${key}"`).join(', ');

const tallied = (name: string, where: string): string =>
  `count(*) FILTER (WHERE ${where})::int AS ${name}_accounts, coalesce(sum(mrr) FILTER (WHERE ${where}), 0)::bigint AS ${name}_mrr`;

const AT_RISK = '"churnRisk" >= $1';

/** $1 is the risk threshold, $2 the day. */
const summaryOf = (scores: string): string => `
SELECT band, status, count(*)::int AS all_accounts, coalesce(sum(mrr), 0)::bigint AS all_mrr,
  count(*) FILTER (WHERE mrr IS NULL)::int AS without_mrr, ${tallied('risk', AT_RISK)},
  coalesce(sum("expectedLoss") FILTER (WHERE ${AT_RISK}), 0)::bigint AS loss,
  ${RENEWAL_DAYS.map((days) => {
    const within = `"renewsAt" BETWEEN $2::date AND $2::date + ${days}`;
    return `${tallied(`in${days}`, within)}, ${tallied(`risk${days}`, `${within} AND ${AT_RISK}`)}`;
  }).join(', ')}
FROM (${scores}) AS scored
GROUP BY band, status`;

const SCORES = { today: TODAY_SCORES, past: pastScores('$2::date') };

@Injectable()
export class SummaryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The latest day up to `today` with scores of all accounts. */
  async newestDay(today: string): Promise<ScoredDay | null> {
    const [day] = await this.dataSource.query<ScoredDay[]>(
      `SELECT as_of AS "asOf", currency, finished_at AS "scoredAt" FROM score_day
       WHERE finished_at IS NOT NULL AND as_of <= $1 ORDER BY as_of DESC LIMIT 1`,
      [today],
    );
    return day ?? null;
  }

  /** Summarizes the newest scores or those of a past day; renewals count from `day`. `riskAlert` is in ten-thousandths. */
  async summary(
    filters: SummaryQueryDto,
    { day, isPast, riskAlert }: { day: string; isPast: boolean; riskAlert: number },
  ): Promise<SummaryRow[]> {
    const values = new Values();
    values.add(riskAlert);
    values.add(day);
    const source = isPast ? 'past' : 'today';
    const scores = [
      `SELECT ${selected(source)} FROM ${SCORES[source]}`,
      ...fieldConditions(filters, source, values),
    ].join(' AND ');
    const rows = await this.dataSource.query<Numbers[]>(summaryOf(scores), values.all);
    return rows.map(rowOf);
  }
}

function rowOf(row: Numbers): SummaryRow {
  const tally = (name: string): Tally => ({
    accounts: row[`${name}_accounts`] ?? 0,
    mrr: row[`${name}_mrr`] ?? 0,
  });
  return {
    band: BANDS[row['band'] ?? -1] ?? 'unknown',
    status: STATUSES[row['status'] ?? -1] ?? 'active',
    ...tally('all'),
    withoutMrr: row['without_mrr'] ?? 0,
    atRisk: { ...tally('risk'), expectedLoss: row['loss'] ?? 0 },
    renewals: RENEWAL_DAYS.map((days) => ({ ...tally(`in${days}`), atRisk: tally(`risk${days}`) })),
  };
}
