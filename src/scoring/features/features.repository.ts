import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { addDays, endOfDay } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { mergeAsync } from '../../platform/merge-async.js';
import { Settings } from '../../platform/settings.js';
import type { AccountFeatures, RawFeatures } from './account-features.js';
import { UNUSUAL_DIGITS } from '../../platform/currencies.js';
import { FEATURES_OF_ALL_SQL, FEATURES_OF_SOME_SQL, ONE_PASS_SQL } from './features.sql.js';
import { RawReader, type RawRow } from './raw-row.js';
import { against, type Peers, peersOf, type PeerValues, peerValuesOf } from './peers.js';
import { SourcesRepository } from './sources.repository.js';

const CHUNK = 500;
const LAST_ACCOUNT = 2 ** 31 - 1;

/** The only way from facts to features: live scoring, history, training and backtests all use it. */
@Injectable()
export class FeaturesRepository {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly sources: SourcesRepository = new SourcesRepository(),
  ) {}

  /**
   * Reads only what was true by the end of the UTC day `asOf` (today: now). Leaves out internal and merged accounts, and those that did
   * not exist yet. Without `peers`, computes them over all accounts. Drain pending events first.
   * Throws 400 `in_future`.
   */
  async features(
    manager: EntityManager,
    asOf: string,
    accountIds?: readonly number[],
    peers?: Peers,
  ): Promise<AccountFeatures[]> {
    if (peers) return (await this.raw(manager, asOf, accountIds)).map((raw) => against(raw, peers));
    const all = accountIds ? null : await this.raw(manager, asOf);
    const used = all
      ? peersOf(all, await this.sources.silent(manager, asOf))
      : await this.peers(manager, asOf);
    return (all ?? (await this.raw(manager, asOf, accountIds))).map((raw) => against(raw, used));
  }

  /** Reads all facts. */
  async peers(manager: EntityManager, asOf: string): Promise<Peers> {
    const all: PeerValues[] = [];
    for await (const raws of this.rawOfAll(manager, asOf)) all.push(...raws.map(peerValuesOf));
    return peersOf(all, await this.sources.silent(manager, asOf));
  }

  /** The same accounts in ascending order, before the comparison with peers. */
  async raw(manager: EntityManager, asOf: string, accountIds?: readonly number[]): Promise<RawFeatures[]> {
    if (accountIds) {
      const rows = await manager.query<RawRow[]>(FEATURES_OF_SOME_SQL, this.parameters(asOf, accountIds));
      const reader = new RawReader(this.settings);
      return rows.map((row) => reader.read(row));
    }
    const all: RawFeatures[] = [];
    for await (const raws of this.rawOfAll(manager, asOf)) all.push(...raws);
    return all.sort((one, other) => one.accountId - other.accountId);
  }

  /**
   * Streams all accounts in chunks, in no particular order, from one pass over the facts: together they may not fit in memory. Two database
   * processes read half each, because PostgreSQL runs a cursor's query in one process.
   */
  async *rawOfAll(manager: EntityManager, asOf: string): AsyncGenerator<RawFeatures[]> {
    const [median]: { id: number | null }[] = await manager.query(
      'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY account_id) AS id FROM account',
    );
    const middle = median?.id ?? 0;
    const reader = new RawReader(this.settings);
    yield* mergeAsync([
      this.rawBetween(manager, asOf, [0, middle], reader),
      this.rawBetween(manager, asOf, [middle, LAST_ACCOUNT], reader),
    ]);
  }

  private async *rawBetween(
    manager: EntityManager,
    asOf: string,
    [after, upTo]: readonly [number, number],
    reader: RawReader,
  ): AsyncGenerator<RawFeatures[]> {
    const parameters = [...this.parameters(asOf, undefined), after, upTo];
    const runner = manager.connection.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query(ONE_PASS_SQL);
      await runner.query(`DECLARE raw_features NO SCROLL CURSOR FOR ${FEATURES_OF_ALL_SQL}`, parameters);
      const fetch = () => runner.query(`FETCH ${CHUNK} FROM raw_features`) as Promise<RawRow[]>;
      let next = fetch();
      for (let rows = await next; rows.length > 0; rows = await next) {
        // The database fetches the next chunk while the caller uses this one.
        next = fetch();
        // If the caller stops early, nobody awaits this chunk: its failure must not be unhandled.
        next.catch(() => undefined);
        yield rows.map((row) => reader.read(row));
      }
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }

  private parameters(asOf: string, accountIds: readonly number[] | undefined): unknown[] {
    const { reportingCurrency, graceDays, tierLimits, internalDomains } = this.settings;
    const { featureGauges, featureTraits, gateEvents } = this.settings;
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
      ...monthsOf(asOf),
      gateEvents,
      ...weekOf(asOf),
    ];
  }
}

/** The last 28 days in the roll-up's form: the first month with its days as bits, then the last month; the same twice within one month. */
function monthsOf(day: string): [string, number, string, number] {
  const [first, last] = endsOf(bitsOf(day, 28));
  return [...first, ...last];
}

/** The last 7 days as bits of the same two months. */
function weekOf(day: string): [number, number] {
  const week = bitsOf(day, 7);
  const [[first], [last]] = endsOf(bitsOf(day, 28));
  return [week.get(first) ?? 0, week.get(last) ?? 0];
}

function endsOf(bits: ReadonlyMap<string, number>): [[string, number], [string, number]] {
  const months = [...bits];
  const first = months[0] ?? ['', 0];
  return [first, months.at(-1) ?? first];
}

/** The last `count` days as bits, by month. */
function bitsOf(day: string, count: number): Map<string, number> {
  const bits = new Map<string, number>();
  for (let back = count - 1; back >= 0; back--) {
    const one = addDays(day, -back);
    const month = `${one.slice(0, 7)}-01`;
    bits.set(month, (bits.get(month) ?? 0) | (1 << (Number(one.slice(8)) - 1)));
  }
  return bits;
}

/** For the API documentation of operations that throw it. */
export const MISSING_RATE_RESPONSE = {
  status: 422,
  description: 'No exchange rate is known for this day (`missing_exchange_rate`)',
};

export function missingRate(base: string, quote: string, day: string): DomainError {
  return new DomainError(
    'missing_exchange_rate',
    422,
    `No exchange rate from ${base} to ${quote} on or before ${day}. Send one with PUT /v1/exchange-rates`,
    { extra: { base, quote, day } },
  );
}
