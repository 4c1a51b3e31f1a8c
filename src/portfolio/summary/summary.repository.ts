import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { joinAccountState } from '../../accounts/states/as-of.sql.js';
import { type Status, STATUSES } from '../../scoring/features/account-features.js';
import { type Band, BANDS } from '../../scoring/model/scorecard.js';
import { RENEWAL_DAYS } from '../list/accounts-query.dto.js';
import type { SummaryQueryDto } from './summary.dto.js';

export interface Tally {
  readonly accounts: number;
  /** Minor units. */
  readonly mrr: number;
}

/** The accounts of one band and status. */
export interface SummaryRow extends Tally {
  readonly band: Band;
  readonly status: Status;
  /** Accounts whose MRR is not known. */
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

const PAST = `
  SELECT s.account_id, s.band, s.status, s.tier, state.csm, s.mrr, s.money[4] AS expected_loss, s.risk[1] AS churn_risk, s.renews_at
  FROM account_score s JOIN account named USING (account_id)
  ${joinAccountState('named', '($4::date + 1)', 'state')}
  WHERE s.as_of = $4`;

const tallied = (name: string, where: string): string =>
  `count(*) FILTER (WHERE ${where})::int AS ${name}_accounts, coalesce(sum(mrr) FILTER (WHERE ${where}), 0)::bigint AS ${name}_mrr`;

const AT_RISK = 'churn_risk >= $3';

/** $1 csm, $2 tier, $3 the risk from which an account is at risk, $4 the day. */
const summaryOf = (accounts: string): string => `
SELECT band, status, count(*)::int AS all_accounts, coalesce(sum(mrr), 0)::bigint AS all_mrr,
  count(*) FILTER (WHERE mrr IS NULL)::int AS without_mrr, ${tallied('risk', AT_RISK)},
  coalesce(sum(expected_loss) FILTER (WHERE ${AT_RISK}), 0)::bigint AS loss,
  ${RENEWAL_DAYS.map((days) => {
    const within = `renews_at BETWEEN $4::date AND $4::date + ${days}`;
    return `${tallied(`in${days}`, within)}, ${tallied(`risk${days}`, `${within} AND ${AT_RISK}`)}`;
  }).join(', ')}
FROM ${accounts} AS c JOIN account a USING (account_id)
WHERE a.merged_into IS NULL AND ($1::text IS NULL OR csm = $1) AND ($2::text IS NULL OR tier = $2)
GROUP BY band, status`;

const OF_NOW = summaryOf('account_current');
const OF_PAST = summaryOf(`(${PAST})`);

@Injectable()
export class SummaryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest day up to `today` of which all accounts are scored. */
  async newestDay(today: string): Promise<ScoredDay | null> {
    const [day] = await this.dataSource.query<ScoredDay[]>(
      `SELECT as_of AS "asOf", currency, finished_at AS "scoredAt" FROM score_day
       WHERE finished_at IS NOT NULL AND as_of <= $1 ORDER BY as_of DESC LIMIT 1`,
      [today],
    );
    return day ?? null;
  }

  /** Of the newest scores, or of a past day's; renewals counted from `day` on. `riskAlert`: in ten-thousandths. */
  async summary(
    { csm, tier }: SummaryQueryDto,
    { day, isPast, riskAlert }: { day: string; isPast: boolean; riskAlert: number },
  ): Promise<SummaryRow[]> {
    const rows = await this.dataSource.query<Numbers[]>(isPast ? OF_PAST : OF_NOW, [
      csm ?? null,
      tier ?? null,
      riskAlert,
      day,
    ]);
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
