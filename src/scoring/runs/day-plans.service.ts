import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { dayOf, endOfDay } from '../../platform/days.js';
import { Settings } from '../../platform/settings.js';
import { CurrentListRepository } from '../current/current-list.repository.js';
import type { AccountFeatures, RawFeatures } from '../features/account-features.js';
import { FeaturesRepository } from '../features/features.repository.js';
import { LayoutsRepository } from '../features/layouts.repository.js';
import { against, type Peers, peersOf } from '../features/peers.js';
import { SourcesRepository } from '../features/sources.repository.js';
import { evaluate } from '../model/evaluate.js';
import { signalsOf } from '../model/expansion.js';
import { fitExpansionPrior } from '../model/expansion-prior.js';
import { fitPrior } from '../model/prior-risk.js';
import { ChangeHistoryRepository } from '../models/change-history.repository.js';
import { ModelsRepository, type StoredModel } from '../models/models.repository.js';
import { ScorecardsRepository, type StoredCard } from '../scorecards/scorecards.repository.js';
import { cardFor } from './assess.js';
import { RunPace } from './run-pace.js';
import { type ScoreDay, ScoreDaysRepository } from './score-days.repository.js';
import type { ScorePlan } from './score-writer.service.js';
import { ScoresRepository } from './scores.repository.js';

export interface DayPlan extends ScorePlan {
  readonly peers: Peers;
  /** What was read to make the plan, so that it need not be read again; absent for a run that was taken up again. */
  readonly held: ReadonlyMap<number, AccountFeatures> | null;
}

/** Beyond so many accounts they are read again rather than kept in memory. */
const MOST_HELD = 200_000;

/** What the accounts of a day are measured against: their peers, the cards in use, and the base rates of the past year. */
@Injectable()
export class DayPlansService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly features: FeaturesRepository,
    private readonly sources: SourcesRepository,
    private readonly layouts: LayoutsRepository,
    private readonly scorecards: ScorecardsRepository,
    private readonly models: ModelsRepository,
    private readonly history: ChangeHistoryRepository,
    private readonly days: ScoreDaysRepository,
    private readonly scores: ScoresRepository,
    private readonly list: CurrentListRepository,
    private readonly pace: RunPace,
  ) {}

  /** For all accounts as of a day; the same again when the run was taken up from another. */
  async forDay(runId: number, asOf: string, isBegun: () => Promise<void>): Promise<DayPlan> {
    const { manager } = this.dataSource;
    const begun = await this.days.begun(manager, asOf, runId);
    if (begun) return { ...(await this.planOf(begun)), held: null };
    const { peers, accounts } = await this.readAll(asOf, isBegun);
    const cards = await this.scorecards.active();
    const model = await this.modelFrom(asOf, cards, accounts);
    const day = { asOf, runId, currency: this.settings.reportingCurrency, peers, modelId: model.modelId };
    const plan = { ...(await this.planOf(day)), cards, model };
    if (plan.list !== null) await this.dataSource.transaction((tx) => this.list.prepare(tx));
    await this.days.begin(manager, day);
    const held = new Map(accounts.slice(0, MOST_HELD).map((account) => [account.accountId, account]));
    return { ...plan, held };
  }

  /** For accounts with new facts, against the last full run; null before the first. */
  async forNow(): Promise<DayPlan | null> {
    const today = dayOf(this.clock.now());
    const newest = await this.days.newest(this.dataSource.manager, today);
    if (!newest) return null;
    const plan = await this.planOf(newest);
    return { ...plan, asOf: today, list: 'account_current', held: null };
  }

  private async planOf({ asOf, runId, currency, peers, modelId }: ScoreDay): Promise<Omit<DayPlan, 'held'>> {
    return {
      asOf,
      runId,
      currency,
      peers,
      cards: await this.scorecards.active(),
      layout: await this.layouts.current(),
      model: await this.models.get(modelId),
      list: asOf === dayOf(this.clock.now()) ? 'account_next' : null,
    };
  }

  private async readAll(
    asOf: string,
    isBegun: () => Promise<void>,
  ): Promise<{ peers: Peers; accounts: AccountFeatures[] }> {
    const { manager } = this.dataSource;
    const raws: RawFeatures[] = [];
    for (let after = 0; ;) {
      const ids = await this.scores.accountsAfter(manager, after, this.pace.chunk);
      const last = ids.at(-1);
      if (last === undefined) break;
      for (const raw of await this.features.raw(manager, asOf, ids)) raws.push(raw);
      await isBegun();
      after = last;
    }
    const peers = peersOf(raws, await this.sources.silent(manager, asOf));
    return { peers, accounts: raws.map((raw) => against(raw, peers)) };
  }

  private async modelFrom(
    asOf: string,
    cards: readonly StoredCard[],
    accounts: readonly AccountFeatures[],
  ): Promise<StoredModel> {
    const until = endOfDay(asOf, this.clock.now(), '/asOf');
    const { windows, churned, expanded } = await this.history.before(this.dataSource.manager, until);
    const atRisk = accounts.filter(({ status, features }) => status === 'active' && (features.mrr ?? 0) > 0);
    const rows = atRisk.map((account) => {
      const { card } = cardFor(cards, account);
      return { card, account, evaluation: evaluate(card, account) };
    });
    const { marginPercent, discountRatePercent, horizonMonths } = this.settings;
    return this.models.add(asOf, {
      churn: fitPrior({ rows, churned, windows }),
      expansion: fitExpansionPrior({
        reference: atRisk.map((account) => signalsOf(account)),
        expanded,
        windows,
      }),
      terms: { margin: marginPercent / 100, yearlyRate: discountRatePercent / 100, horizonMonths },
    });
  }
}
