import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { inTransaction, sqlState } from '../../platform/database/transaction.js';
import { dayOf, endOfDay } from '../../platform/days.js';
import { Settings } from '../../platform/settings.js';
import { CurrentListRepository, LOCK_NOT_AVAILABLE } from '../scores/current-list.repository.js';
import type { AccountFeatures, RawFeatures } from '../features/account-features.js';
import { EvenSample } from '../features/even-sample.js';
import { FeaturesRepository } from '../features/features.repository.js';
import { HeldFeatures } from '../features/held-features.js';
import { LayoutsRepository } from '../features/layouts.repository.js';
import { against, type Peers, peersOf, type PeerValues, peerValuesOf } from '../features/peers.js';
import { SourcesRepository } from '../features/sources.repository.js';
import { riskOf } from '../model/churn-model.js';
import { evaluate } from '../model/evaluate.js';
import { signalsOf } from '../model/expansion.js';
import { fitPropensityPrior, liftOf, type PropensityData } from '../model/propensity.js';
import { fitPrior, PRIOR_KAPPA, type PriorRow } from '../model/prior-risk.js';
import { ChangeHistoryRepository } from '../models/change-history.repository.js';
import {
  ModelsRepository,
  type ModelVersion,
  type ModelVersions,
  type StoredModel,
} from '../models/models.repository.js';
import { ScorecardsRepository, type StoredCard } from '../scorecards/scorecards.repository.js';
import { cardFor } from './assess.js';
import { type ScoreDay, ScoreDaysRepository } from './score-days.repository.js';
import type { ScorePlan } from './score-writer.service.js';

export interface DayPlan extends ScorePlan {
  readonly peers: Peers;
  /** Data already read to make the plan; absent for a resumed day. */
  readonly held: HeldFeatures | null;
}

type ReferenceRow = PriorRow & { readonly account: AccountFeatures };

/** With more accounts than this, they are read again instead of kept in memory. */
const MAX_HELD = 200_000;
/** Accounts a prior's reference is computed from; more would not change its means. */
const MAX_REFERENCE = 10_000;

/** Between attempts to empty the half of the list to be filled. */
const LIST_IN_USE_MS = 1_000;

/** A process that hangs while holding its run's lock must not block others forever. */
const LONGEST_IDLE_MS = 30_000;

/** What accounts of a day are compared with: their peers, the scorecards in use and the past year's base rates. */
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
    private readonly list: CurrentListRepository,
  ) {}

  /**
   * For all accounts as of a day; unchanged if the run was taken over from another instance. `goOn` throws if the caller no
   * longer holds the run; in a transaction it also prevents a takeover until its end.
   */
  async forDay(
    runId: number,
    asOf: string,
    goOn: (manager: EntityManager) => Promise<void>,
  ): Promise<DayPlan> {
    const { manager } = this.dataSource;
    const begun = await this.days.begun(manager, asOf, runId);
    if (begun) return { ...(await this.planOf(begun)), held: null };
    const { peers, held, reference } = await this.readAll(asOf, () => goOn(manager));
    const cards = await this.scorecards.active();
    const model = await this.modelFrom(asOf, cards, peers, reference);
    const day = { asOf, runId, currency: this.settings.reportingCurrency, peers, modelId: model.modelId };
    const plan = { ...(await this.planOf(day)), cards, model };
    await this.begin(day, plan.list, goOn);
    return { ...plan, held };
  }

  /** Retries while the half of the list to be filled is still being read, holding no locks in between. */
  private async begin(
    day: ScoreDay,
    list: ScorePlan['list'],
    goOn: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    for (;;) {
      try {
        return await inTransaction(this.dataSource, async (tx) => {
          await tx.query(`SET LOCAL idle_in_transaction_session_timeout = ${LONGEST_IDLE_MS}`);
          await goOn(tx);
          if (list !== null) await this.list.prepare(tx);
          await this.days.begin(tx, day);
        });
      } catch (error) {
        if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      }
      await sleep(LIST_IN_USE_MS);
    }
  }

  /** For accounts with new facts, relative to the last full run; null until one has filled the list in the reporting currency. */
  async forNow(): Promise<DayPlan | null> {
    const today = dayOf(this.clock.now());
    const newest = await this.days.newest(this.dataSource.manager, today);
    if (newest?.currency !== this.settings.reportingCurrency) return null;
    if (await this.list.isEmpty(this.dataSource.manager)) return null;
    return { ...(await this.planOf(newest)), asOf: today, list: 'read', held: null };
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
      list: asOf === dayOf(this.clock.now()) ? 'filling' : null,
    };
  }

  private async readAll(
    asOf: string,
    goOn: () => Promise<void>,
  ): Promise<{ peers: Peers; held: HeldFeatures; reference: RawFeatures[] }> {
    const { manager } = this.dataSource;
    const held = new HeldFeatures();
    const reference = new EvenSample<RawFeatures>(MAX_REFERENCE);
    const values: PeerValues[] = [];
    for await (const raws of this.features.rawOfAll(manager, asOf)) {
      for (const raw of raws) {
        values.push(peerValuesOf(raw));
        reference.add(raw.accountId, raw);
        if (held.size < MAX_HELD) held.add(raw);
      }
      await goOn();
    }
    const peers = peersOf(values, await this.sources.silent(manager, asOf));
    return { peers, held, reference: reference.values() };
  }

  /** The trained model in use; if that is a prior or nothing was trained, a prior adjusted to the newest facts. */
  private async modelFrom(
    asOf: string,
    cards: readonly StoredCard[],
    peers: Peers,
    reference: readonly RawFeatures[],
  ): Promise<StoredModel> {
    const { marginPercent, discountRatePercent, horizonMonths } = this.settings;
    return this.models.add(asOf, await this.versionsFor(asOf, cards, peers, reference), {
      margin: marginPercent / 100,
      yearlyRate: discountRatePercent / 100,
      horizonMonths,
    });
  }

  private async versionsFor(
    asOf: string,
    cards: readonly StoredCard[],
    peers: Peers,
    reference: readonly RawFeatures[],
  ): Promise<ModelVersions> {
    const [churn, contraction, expansion] = await Promise.all([
      this.models.trained('churn'),
      this.models.trained('contraction'),
      this.models.trained('expansion'),
    ]);
    const isFitted = (version: ModelVersion | null) => version?.definition.basis === 'fitted';
    if (churn && contraction && expansion && [churn, contraction, expansion].every(isFitted))
      return { churn, contraction, expansion };
    const until = endOfDay(asOf, this.clock.now(), '/asOf');
    const { windows, churned, expanded, contracted } = await this.history.before(
      this.dataSource.manager,
      until,
    );
    const rows = referenceRows(cards, peers, reference);
    const kappa = churn?.definition.basis === 'prior' ? churn.definition.kappa : PRIOR_KAPPA;
    const prior = fitPrior({ rows, churned, windows, kappa });
    const adjusted = <Key extends 'contraction' | 'expansion'>(
      key: Key,
      trained: ModelVersion<Key> | null,
      data: Omit<PropensityData, 'windows'>,
    ): Promise<ModelVersion<Key>> | ModelVersion<Key> => {
      if (trained?.definition.basis === 'fitted') return trained;
      const scale = trained?.definition.scale ?? data.scale;
      const definition = fitPropensityPrior({ ...data, scale, windows });
      return this.models.addVersion<Key>({ key, asOf, definition, taken: true });
    };
    const used =
      churn?.definition.basis === 'fitted'
        ? churn
        : await this.models.addVersion({ key: 'churn', asOf, definition: prior, taken: true });
    return {
      churn: used,
      contraction: await adjusted('contraction', contraction, {
        // Health as the churn model uses it, since contraction is predicted from it.
        reference: rows.map(
          ({ card, account, evaluation }) =>
            -(riskOf(used.definition, card, account, evaluation)?.health ?? 0),
        ),
        scale: PRIOR_KAPPA,
        happened: contracted,
      }),
      expansion: await adjusted('expansion', expansion, {
        reference: rows.map(({ account }) => liftOf(signalsOf(account))),
        scale: 1,
        happened: expanded,
      }),
    };
  }
}

function referenceRows(
  cards: readonly StoredCard[],
  peers: Peers,
  reference: readonly RawFeatures[],
): ReferenceRow[] {
  return reference
    .map((raw) => against(raw, peers))
    .filter(({ status, features }) => status === 'active' && (features.mrr ?? 0) > 0)
    .map((account) => {
      const { card } = cardFor(cards, account);
      return { card, account, evaluation: evaluate(card, account) };
    });
}
