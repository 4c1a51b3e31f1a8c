import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { addDays, dayOf } from '../../platform/days.js';
import { CurrentListRepository } from '../../scoring/scores/current-list.repository.js';
import { Settings } from '../../platform/settings.js';
import { RISK_SCALE } from '../../scoring/scores/packed-score.js';
import { AccountIdsRepository } from '../account/account-ids.repository.js';
import type { ScoreChanges } from '../changes/score-changes.dto.js';
import { ScoreChangesService } from '../changes/score-changes.service.js';
import type { AccountListItem } from '../../scoring/scores/list-item.dto.js';
import { AccountListService } from '../list/account-list.service.js';
import { RENEWAL_DAYS } from '../list/accounts-query.dto.js';
import type { AccountsAndMrr, Mover, Movers, PortfolioSummary, SummaryQueryDto } from './summary.dto.js';
import { type SummaryRow, SummaryRepository, type Tally } from './summary.repository.js';

const MAX_MOVERS = 10;
const CHANGE_DAYS = 30;

@Injectable()
export class SummaryService {
  constructor(
    private readonly summaries: SummaryRepository,
    private readonly list: AccountListService,
    private readonly dataSource: DataSource,
    private readonly current: CurrentListRepository,
    private readonly ids: AccountIdsRepository,
    private readonly changes: ScoreChangesService,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Summarizes the newest scores; like the list, those of the latest stored day if accounts were never scored as of today. */
  async summary(filters: SummaryQueryDto): Promise<PortfolioSummary> {
    const today = dayOf(this.clock.now());
    const newest = await this.summaries.newestDay(today);
    const isPast = newest !== null && (await this.current.isEmpty(this.dataSource.manager));
    const day = isPast ? newest.asOf : today;
    const riskAlert = Math.round(RISK_SCALE * this.settings.riskAlert);
    const rows = await this.summaries.summary(filters, { day, isPast, riskAlert });
    const money = moneyIn(newest?.currency ?? this.settings.reportingCurrency);
    const there = rows.filter(({ status }) => status !== 'churned');
    const sum = (of: readonly Tally[]): AccountsAndMrr => money(added(of));
    const inBand = (name: string) => sum(there.filter(({ band }) => band === name));
    const inStatus = (name: string) => sum(rows.filter(({ status }) => status === name));
    const losses = there.map(({ atRisk: { expectedLoss } }) => expectedLoss);
    return {
      asOf: newest?.asOf ?? null,
      scoredAt: newest?.scoredAt ?? null,
      total: sum(there),
      withoutMrr: there.reduce((all, { withoutMrr }) => all + withoutMrr, 0),
      byBand: {
        green: inBand('green'),
        yellow: inBand('yellow'),
        red: inBand('red'),
        unknown: inBand('unknown'),
      },
      byStatus: {
        trial: inStatus('trial'),
        active: inStatus('active'),
        leaving: inStatus('leaving'),
        churned: inStatus('churned'),
      },
      atRisk: {
        threshold: this.settings.riskAlert,
        ...sum(there.map(({ atRisk }) => atRisk)),
        expectedLoss: money({ accounts: 0, mrr: losses.reduce((all, one) => all + one, 0) }).mrr,
      },
      leaving: inStatus('leaving'),
      movers: await this.movers(filters, newest === null ? today : day),
      renewals: RENEWAL_DAYS.map((withinDays, place) => {
        const renewing = (of: readonly SummaryRow[]) =>
          sum(of.flatMap(({ renewals }) => renewals[place] ?? []));
        return {
          withinDays,
          ...renewing(there),
          red: renewing(there.filter(({ band }) => band === 'red')),
          atRisk: sum(there.flatMap(({ renewals }) => renewals[place]?.atRisk ?? [])),
          leaving: renewing(there.filter(({ status }) => status === 'leaving')),
        };
      }),
    };
  }

  private async movers({ csm, tier }: SummaryQueryDto, day: string): Promise<Movers> {
    const first = async (sort: 'healthChange30d' | '-healthChange30d') => {
      const { items } = await this.list.list({ csm, tier, sort, limit: MAX_MOVERS });
      return items.map((item) => JSON.parse(item) as AccountListItem);
    };
    const up = (await first('-healthChange30d')).filter(({ health }) => (health.change30d ?? 0) > 0);
    const down = (await first('healthChange30d')).filter(({ health }) => (health.change30d ?? 0) < 0);
    const accounts = await this.ids.all([...up, ...down].map(({ id }) => id));
    const changes = await this.changes.all(accounts, addDays(day, -CHANGE_DAYS), day);
    const byId = new Map([...changes.values()].map((change) => [change.accountId, change]));
    const moverOf = (item: AccountListItem): Mover => describeMover(item, byId.get(item.id));
    return { up: up.map(moverOf), down: down.map(moverOf) };
  }
}

/** The largest cause in the direction of the change. */
function describeMover({ id, name, health }: AccountListItem, changes: ScoreChanges | undefined): Mover {
  const change = health.change30d ?? 0;
  const strongest = changes?.health?.parts.find(({ contribution }) => contribution * change > 0);
  return { id, name, change, topReason: strongest ?? null };
}

function added(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { accounts, mrr }) => ({ accounts: sum.accounts + accounts, mrr: sum.mrr + mrr }),
    {
      accounts: 0,
      mrr: 0,
    },
  );
}

function moneyIn(currency: string): (tally: Tally) => AccountsAndMrr {
  return ({ accounts, mrr }) => ({ accounts, mrr: { amount: mrr, currency } });
}
