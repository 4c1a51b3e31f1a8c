import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { addDays, endOfDay } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { Settings } from '../../platform/settings.js';
import {
  type AccountFeatures,
  type RawFeatures,
  type Stage,
  type Status,
  STATUSES,
} from './account-features.js';
import { CATALOGUE, type Features } from './catalogue.js';
import { UNUSUAL_DIGITS } from './currency-digits.js';
import { FEATURES_SQL } from './features.sql.js';
import { against, type Peers, peersOf, type PeerValues, peerValuesOf } from './peers.js';
import { SourcesRepository } from './sources.repository.js';

export { type AccountFeatures, type Peers, STATUSES, type Status };

const CHUNK = 2_000;

type Row = Record<string, string | number | null> & {
  account_id: number;
  status: Status;
  tier: string;
  stage: Stage;
  renews_at: string | null;
  without_rate: string | null;
};
interface ConfiguredRow {
  gauges: (number | null)[] | null;
  traits: (number | null)[] | null;
}

/** The one way from facts to features: live scoring, history, training and backtests all ask here. */
@Injectable()
export class FeaturesRepository {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly sources: SourcesRepository = new SourcesRepository(),
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
    const used = peers ?? (await this.peers(manager, asOf));
    return (await this.raw(manager, asOf, accountIds)).map((raw) => against(raw, used));
  }

  /** Over all accounts, some at a time: their features together are too much to hold. */
  async peers(manager: EntityManager, asOf: string): Promise<Peers> {
    const all: PeerValues[] = [];
    let ids = await this.idsAfter(manager, 0);
    while (ids.length > 0) {
      for (const raw of await this.raw(manager, asOf, ids)) all.push(peerValuesOf(raw));
      ids = await this.idsAfter(manager, ids.at(-1) ?? 0);
    }
    return peersOf(all, await this.sources.silent(manager, asOf));
  }

  /** The same accounts in ascending order, before they are measured against each other. */
  async raw(manager: EntityManager, asOf: string, accountIds?: readonly number[]): Promise<RawFeatures[]> {
    const rows = await manager.query<(Row & ConfiguredRow)[]>(
      FEATURES_SQL,
      this.parameters(asOf, accountIds),
    );
    return rows.map((row) => this.read(row));
  }

  private async idsAfter(manager: EntityManager, after: number): Promise<number[]> {
    const rows = await manager.query<{ account_id: number }[]>(
      'SELECT account_id FROM account WHERE account_id > $1 ORDER BY account_id LIMIT $2',
      [after, CHUNK],
    );
    return rows.map((row) => row.account_id);
  }

  private read(row: Row & ConfiguredRow): RawFeatures {
    const values: Partial<Features> = {};
    for (const { key } of CATALOGUE) values[key] = numberOf(row[key]);
    this.settings.featureGauges.forEach((name, place) => {
      values[`gauge.${name}`] = row.gauges?.[place] ?? null;
    });
    this.settings.featureTraits.forEach((name, place) => {
      values[`trait.${name}`] = row.traits?.[place] ?? null;
    });
    return {
      accountId: row.account_id,
      status: row.status,
      tier: row.tier,
      stage: row.stage,
      renewsAt: row.renews_at,
      withoutRate: row.without_rate,
      values: values as Features,
    };
  }

  private parameters(asOf: string, accountIds?: readonly number[]): unknown[] {
    const { reportingCurrency, graceDays, tierLimits, internalDomains, featureGauges, featureTraits } =
      this.settings;
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
      internalDomains,
      featureGauges,
      featureTraits,
      ...monthsUpTo(asOf, 28),
    ];
  }
}

/** The last days as the roll-up has them: their first month and its days as bits, then their last; the same twice within one month. */
function monthsUpTo(day: string, count: number): [string, number, string, number] {
  const bits = new Map<string, number>();
  for (let back = count - 1; back >= 0; back--) {
    const one = addDays(day, -back);
    const month = `${one.slice(0, 7)}-01`;
    bits.set(month, (bits.get(month) ?? 0) | (1 << (Number(one.slice(8)) - 1)));
  }
  const months = [...bits];
  const [first = ['', 0] as const, last = first] = [months[0], months.at(-1)];
  return [first[0], first[1], last[0], last[1]];
}

function numberOf(value: string | number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

export function missingRate(base: string, quote: string, day: string): DomainError {
  return new DomainError(
    'missing_exchange_rate',
    422,
    `There is no exchange rate from ${base} to ${quote} on or before ${day}: send one with PUT /v1/exchange-rates`,
    { extra: { base, quote, day } },
  );
}
