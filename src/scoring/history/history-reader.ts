import { setImmediate as othersTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { endOfDay } from '../../platform/days.js';
import { prefetch } from '../../platform/prefetch.js';
import { Settings } from '../../platform/settings.js';
import type { AccountFeatures } from '../features/account-features.js';
import { catalogueOf } from '../features/catalogue.js';
import { FeaturesRepository } from '../features/features.repository.js';
import { HeldFeatures } from '../features/held-features.js';
import { against, type Peers, peersOf, type PeerValues, peerValuesOf } from '../features/peers.js';
import { SourcesRepository } from '../features/sources.repository.js';
import { chooseCard } from '../model/choose-card.js';
import { evaluate } from '../model/evaluate.js';
import { signalsOf } from '../model/expansion.js';
import { liftOf } from '../model/propensity.js';
import { historyDays } from '../model/history/history-days.js';
import type { HistoryTable } from '../model/history/history-table.js';
import { lifetimesOf, observedFrom } from '../model/history/lifetimes.js';
import { type Known, outcomesOf } from '../model/history/outcomes.js';
import { healthParts, meansOf, type PriorModel } from '../model/prior-risk.js';
import type { Scorecard } from '../model/scorecard.js';
import type { Lifetime } from '../model/survival/life-table.js';
import { DayRows } from './day-rows.js';
import type { PaidSpans } from './paid-spans.js';
import { PaidSpansRepository } from './paid-spans.repository.js';
import { tableOfDays } from './table-of-days.js';

export interface ReadHistory extends HistoryTable {
  /** Reference of `health`: the mean scores of the newest day, by card. */
  readonly means: PriorModel['means'];
}

/** Accounts the means are computed from; more would not change them. */
const MAX_REFERENCE = 20_000;
/** Scorecards are proved in the thread that answers requests: they have their turn in between. */
const ROWS_AT_ONCE = 1_000;

/** A day's accounts at risk, before and after comparison with all accounts of that day. */
interface Snapshot {
  readonly day: string;
  readonly held: HeldFeatures;
  readonly ids: readonly number[];
  readonly peers: Peers;
}

/** What was known on past days, by the query that scores today's accounts, and what came later. */
@Injectable()
export class HistoryReader {
  private readonly sources = new SourcesRepository();
  private readonly features: FeaturesRepository;
  private readonly paid = new PaidSpansRepository();
  private readonly keys: readonly string[];

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.features = new FeaturesRepository(settings, clock, this.sources);
    this.keys = catalogueOf(settings).map(({ key }) => key);
  }

  /**
   * The days that there is something to learn from, as known at `until`: from when accounts are known to have left; while none has, from
   * when somebody paid.
   */
  async days(manager: EntityManager, until: Date): Promise<string[]> {
    const { graceDays } = this.settings;
    const paid = await this.paid.before(manager, until, graceDays);
    const observed = observedFrom(paid.all(), { until: until.getTime(), graceDays });
    return historyDays(observed < Infinity ? observed : paid.firstPaid(), until.getTime(), graceDays);
  }

  /**
   * `days` ascending; `cards` in matching order, none empty. Keeps two days' accounts and the columns of the table in memory.
   * Ignores everything after `until`.
   */
  async read(
    manager: EntityManager,
    days: readonly string[],
    cards: readonly Scorecard[],
    until: Date,
    progress: (done: number, total: number) => void = () => undefined,
  ): Promise<ReadHistory> {
    const { graceDays, reportingCurrency: currency } = this.settings;
    const paid = await this.paid.before(manager, until, graceDays);
    const known = { until: until.getTime(), graceDays };
    const served = cards.map((card) => ({ card }));
    const rows: DayRows[] = [];
    let means: PriorModel['means'] | undefined;
    // Newest first, because its means apply to all days.
    for await (const snapshot of this.snapshots(manager, days.toReversed())) {
      means ??= meansOver(snapshot, served);
      rows.unshift(await this.rowsOf(snapshot, { cards: served, means, paid, known }));
      progress(rows.length, days.length);
    }
    return { ...tableOfDays(days, rows, this.keys), graceDays, currency, means: means ?? {} };
  }

  async lifetimes(manager: EntityManager, until: Date): Promise<Lifetime[]> {
    const { graceDays } = this.settings;
    const paid = await this.paid.before(manager, until, graceDays);
    return lifetimesOf(paid.all(), { until: until.getTime(), graceDays });
  }

  /** The database reads the next day while the current one is processed. */
  private snapshots(manager: EntityManager, days: readonly string[]): AsyncGenerator<Snapshot> {
    const waiting = days.values();
    return prefetch(async () => {
      const { value: day } = waiting.next();
      return day === undefined ? null : this.snapshot(manager, day);
    });
  }

  private async snapshot(manager: EntityManager, day: string): Promise<Snapshot> {
    const held = new HeldFeatures();
    const ids: number[] = [];
    const peers: PeerValues[] = [];
    for await (const raws of this.features.rawOfAll(manager, day)) {
      for (const raw of raws) {
        peers.push(peerValuesOf(raw));
        if (raw.status !== 'active' || !((raw.values.mrr ?? 0) > 0)) continue;
        held.add(raw);
        ids.push(raw.accountId);
      }
    }
    // Ordered by number, so that the same facts give the same table.
    ids.sort((one, other) => one - other);
    return { day, held, ids, peers: peersOf(peers, await this.sources.silent(manager, day)) };
  }

  private async rowsOf(snapshot: Snapshot, { cards, means, paid, known }: Against): Promise<DayRows> {
    const at = endOfDay(snapshot.day, this.clock.now(), '/days').getTime();
    const rows = new DayRows(snapshot.ids.length, this.keys);
    for (const [row, id] of snapshot.ids.entries()) {
      if (row % ROWS_AT_ONCE === 0) await othersTurn();
      const account = accountOf(snapshot, id);
      const card = cardOf(cards, account);
      const parts = healthParts(means, card, account, evaluate(card, account));
      rows.set(row, account, {
        health: parts.reduce((sum, part) => sum + part, 0),
        signals: liftOf(signalsOf(account)),
        outcome: outcomesOf(paid.of(id), at, known),
      });
    }
    return rows;
  }
}

interface Served {
  readonly card: Scorecard;
}

interface Against {
  readonly cards: readonly Served[];
  readonly means: PriorModel['means'];
  readonly paid: PaidSpans;
  readonly known: Known;
}

function meansOver(snapshot: Snapshot, cards: readonly Served[]): PriorModel['means'] {
  const step = Math.max(1, Math.floor(snapshot.ids.length / MAX_REFERENCE));
  const reference = snapshot.ids.filter((_, index) => index % step === 0);
  return meansOf(
    reference.map((id) => {
      const account = accountOf(snapshot, id);
      const card = cardOf(cards, account);
      return { card, evaluation: evaluate(card, account) };
    }),
  );
}

function accountOf({ held, peers }: Snapshot, id: number): AccountFeatures {
  const raw = held.get(id);
  if (!raw) throw new Error(`account ${id} was not read`);
  return against(raw, peers);
}

/** As in scoring, the first card if none matches. */
function cardOf(cards: readonly Served[], account: AccountFeatures): Scorecard {
  const card = (chooseCard(cards, account) ?? cards[0])?.card;
  if (!card) throw new Error('there is no scorecard');
  return card;
}
