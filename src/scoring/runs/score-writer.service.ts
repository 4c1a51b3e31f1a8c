import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addDays } from '../../platform/days.js';
import { Outbox, type OutboxEvent } from '../../platform/outbox/outbox.js';
import { Settings } from '../../platform/settings.js';
import {
  CurrentListRepository,
  type CurrentAccount,
  type Target,
} from '../scores/current-list.repository.js';
import { listItem } from '../scores/list-item.js';
import { NamesRepository } from '../scores/names.repository.js';
import type { AccountFeatures } from '../features/account-features.js';
import type { StoredLayout } from '../features/layouts.repository.js';
import type { StoredModel } from '../models/models.repository.js';
import { OverridesRepository } from '../overrides/overrides.repository.js';
import type { StoredCard } from '../scorecards/scorecards.repository.js';
import { assess, cardFor } from './assess.js';
import { pack, unpack } from '../scores/packed-score.js';
import { changesOf } from './score-events.js';
import { ScoresRepository, type ScoreToStore } from '../scores/scores.repository.js';

/** Shared inputs for scoring all accounts of one write. */
export interface ScorePlan {
  readonly asOf: string;
  readonly runId: number;
  readonly currency: string;
  readonly cards: readonly StoredCard[];
  readonly layout: StoredLayout;
  readonly model: StoredModel;
  /** The half of the list to write; null for a past day, which is not listed and causes no events. */
  readonly list: Target | null;
}

/** Rows to store for some accounts. */
export interface Scored {
  readonly scores: readonly ScoreToStore[];
  /** List rows; none for a past day. */
  readonly present: readonly CurrentAccount[];
  readonly changes: readonly OutboxEvent[];
}

/** Scores accounts and stores the scores, list rows and events. */
@Injectable()
export class ScoreWriter {
  constructor(
    private readonly settings: Settings,
    private readonly scores: ScoresRepository,
    private readonly list: CurrentListRepository,
    private readonly names: NamesRepository,
    private readonly overrides: OverridesRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Computes the scores; writes nothing. */
  async score(
    manager: EntityManager,
    plan: ScorePlan,
    accountIds: readonly number[],
    accounts: readonly AccountFeatures[],
  ): Promise<Scored> {
    const overrides = await this.overrides.holding(manager, accountIds, plan.asOf);
    const scored = accounts.map((account) => {
      const card = cardFor(plan.cards, account);
      const assessment = assess(card, plan.model, account, overrides.get(account.accountId));
      const packed = pack(plan.layout, account, assessment);
      return { accountId: account.accountId, card, packed, risk: assessment.risk };
    });
    if (plan.list === null) return { scores: scored, present: [], changes: [] };

    const before = await this.scores.before(manager, accountIds);
    const names = await this.names.of(manager, accountIds);
    const healthBefore = await this.scores.healthAround(manager, accountIds, addDays(plan.asOf, -30));
    const present = scored.flatMap(({ accountId, card, packed, risk }) => {
      const named = names.get(accountId);
      if (!named) return [];
      const item = listItem({
        names: named,
        score: unpack(plan.layout.layout, packed),
        card: card.card,
        risk,
        basis: plan.model.churn.basis,
        currency: plan.currency,
        healthBefore: healthBefore.get(accountId),
      });
      return [{ accountId, packed, currency: plan.currency, item }];
    });
    const changes = present.flatMap(({ accountId, packed, item }) =>
      changesOf({
        accountId,
        id: item.id,
        asOf: plan.asOf,
        now: packed,
        before: before.get(accountId),
        riskAlert: this.settings.riskAlert,
      }),
    );
    return { scores: scored, present, changes };
  }

  /** Runs in the caller's transaction. `accountIds`: the accounts processed; those without a score lose the one stored for the day. */
  async store(
    manager: EntityManager,
    plan: ScorePlan,
    accountIds: readonly number[],
    { scores, present, changes }: Scored,
  ): Promise<void> {
    const { asOf, runId, currency } = plan;
    const batch = { asOf, runId, modelId: plan.model.modelId, currency };
    await this.scores.replace(manager, batch, accountIds, scores);
    if (plan.list === null) return;
    await this.list.write(manager, plan.list, runId, present);
    const listed = new Set(present.map(({ accountId }) => accountId));
    const gone = accountIds.filter((accountId) => !listed.has(accountId));
    await this.list.remove(manager, plan.list, gone);
    await this.outbox.append(manager, changes);
  }
}
