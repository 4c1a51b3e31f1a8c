import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/errors.js';
import { Settings } from '../../platform/settings.js';
import { CATALOGUE, type FeatureKey, type Features, MOST_PERCENT, roundFeature } from './catalogue.js';
import { UNUSUAL_DIGITS } from './currency-digits.js';
import { endOfDay } from '../../platform/days.js';
import { FEATURES_SQL, PEERS_SQL } from './features.sql.js';

export const STATUSES = ['trial', 'active', 'leaving', 'churned'] as const;
export type Status = (typeof STATUSES)[number];

export interface AccountFeatures {
  accountId: number;
  status: Status;
  tier: string;
  /** As sent; null: not sent. */
  stage: string | null;
  /** A currency it pays in that could not be converted: its MRR is not known then. */
  withoutRate: string | null;
  features: Features;
}

/** What an account is measured against: by tier, the median of `usageTrend28` before it is taken off. */
export interface Peers {
  usageTrend28: Record<string, number>;
}

interface Row {
  account_id: number;
  status: Status;
  tier: string;
  stage: string | null;
  without_rate: string | null;
  active_days: number | null;
  trend: string | null;
  idle_days: number | null;
  urgent_days: string | null;
  csat: string | null;
  mrr: string | null;
  mrr_change: string | null;
}

/** The one way from facts to features: live scoring, history, training and backtests all ask here. */
@Injectable()
export class FeaturesRepository {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads only what was true by the end of the UTC day `asOf` (today: now). Accounts that did not exist then, internal and
   * merged ones are left out. Without `peers` they are worked out over all accounts. Pending events must be drained before.
   * Throws 400 `in_future`.
   */
  async features(
    manager: EntityManager,
    asOf: string,
    accountIds?: readonly number[],
    peers?: Peers,
  ): Promise<AccountFeatures[]> {
    const against = peers ?? (await this.peers(manager, asOf));
    const rows = await manager.query<Row[]>(FEATURES_SQL, this.parameters(asOf, accountIds));
    return rows.map((row) => read(row, against));
  }

  async peers(manager: EntityManager, asOf: string): Promise<Peers> {
    const rows = await manager.query<{ tier: string; trend: number }[]>(PEERS_SQL, this.parameters(asOf));
    return { usageTrend28: Object.fromEntries(rows.map(({ tier, trend }) => [tier, trend])) };
  }

  private parameters(asOf: string, accountIds?: readonly number[]): unknown[] {
    const { reportingCurrency, graceDays, tierLimits } = this.settings;
    return [
      asOf,
      endOfDay(asOf, this.clock.now(), '/asOf'),
      accountIds ?? null,
      reportingCurrency,
      [...UNUSUAL_DIGITS.keys()],
      [...UNUSUAL_DIGITS.values()],
      graceDays,
      tierLimits.map(({ tier }) => tier),
      tierLimits.map(({ minMrr }) => minMrr),
      tierLimits.map(({ minSeats }) => minSeats),
    ];
  }
}

function read(row: Row, peers: Peers): AccountFeatures {
  const paid = row.without_rate === null;
  const trend = numberOf(row.trend);
  const median = Object.hasOwn(peers.usageTrend28, row.tier) ? (peers.usageTrend28[row.tier] ?? 0) : 0;
  const values: Features = {
    activeDays28: row.active_days,
    usageTrend28: trend === null ? null : within(trend - median),
    daysSinceLastUse: row.idle_days,
    oldestUrgentDays: numberOf(row.urgent_days),
    csat90: numberOf(row.csat),
    mrr: paid ? numberOf(row.mrr) : null,
    mrrChange180: paid ? within(numberOf(row.mrr_change)) : null,
  };
  return {
    accountId: row.account_id,
    status: row.status,
    tier: row.tier,
    stage: row.stage,
    withoutRate: row.without_rate,
    features: rounded(values),
  };
}
function rounded(values: Features): Features {
  const entries = CATALOGUE.map(({ key }): [FeatureKey, number | null] => [
    key,
    roundFeature(key, values[key]),
  ]);
  return Object.fromEntries(entries) as Features;
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}

function within(percent: number | null): number | null {
  return percent === null ? null : Math.max(-MOST_PERCENT, Math.min(MOST_PERCENT, percent));
}

export function missingRate(base: string, quote: string, day: string): DomainError {
  return new DomainError(
    'missing_exchange_rate',
    422,
    `There is no exchange rate from ${base} to ${quote} on or before ${day}: send one with PUT /v1/exchange-rates`,
    { extra: { base, quote, day } },
  );
}
