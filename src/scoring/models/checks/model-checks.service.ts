import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { addDays, dayOf, endOfDay } from '../../../platform/days.js';
import { Outbox } from '../../../platform/outbox/outbox.js';
import { Settings } from '../../../platform/settings.js';
import type { PaidSpans } from '../../history/paid-spans.js';
import { PaidSpansRepository } from '../../history/paid-spans.repository.js';
import { UNKNOWN } from '../../model/history/history-table.js';
import { type Outcome, outcomesOf } from '../../model/history/outcomes.js';
import { MODEL_KEYS, type ModelKey } from '../../model/training/trained.js';
import { checkWindow } from './check-window.js';
import { ModelChecksRepository, type ShownProbabilities } from './model-checks.repository.js';

const HORIZON_DAYS = 90;
/** Month-ends checked per night; the rest follow on other nights. */
const MAX_DAYS = 12;

const OUTCOME: Readonly<Record<ModelKey, (outcome: Outcome) => number>> = {
  churn: ({ churn: [first] }) => first,
  contraction: ({ contraction }) => contraction,
  expansion: ({ expansion }) => expansion,
};

/** Compares predictions with outcomes once those are known. */
@Injectable()
export class ModelChecksService {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly checks: ModelChecksRepository,
    private readonly paid: PaidSpansRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Checks new month-ends. Notifies webhooks once if a model is off by more than chance on the newest of them. */
  async check(manager: EntityManager): Promise<void> {
    const now = this.clock.now();
    const newest = addDays(dayOf(now), -(HORIZON_DAYS + this.settings.graceDays + 1));
    let paid: PaidSpans | undefined;
    for (const key of MODEL_KEYS) {
      const days = await this.checks.unchecked(manager, key, newest, MAX_DAYS);
      for (const day of days.reverse()) {
        paid ??= await this.paid.before(manager, now, this.settings.graceDays);
        await this.checkDay(manager, key, day, paid);
      }
    }
  }

  private async checkDay(
    manager: EntityManager,
    key: ModelKey,
    asOf: string,
    paid: PaidSpans,
  ): Promise<void> {
    // One version makes nearly all scores of a day; the few of another would show up as a separate window.
    const [shown] = await this.checks.shown(manager, key, asOf);
    if (!shown) return;
    const { labels, probabilities } = this.outcomes(key, asOf, shown, paid);
    if (labels.length === 0) return;
    const check = checkWindow(labels, probabilities);
    const before = await this.checks.wasStale(manager, key, asOf);
    await this.checks.add(manager, { versionId: shown.versionId, asOf, ...check });
    if (!check.stale || before === true) return;
    const { observed, expected } = check;
    const payload = { key, version: shown.version, asOf, observed, expected };
    await this.outbox.append(manager, [{ topic: 'model.stale', accountId: null, payload }]);
  }

  private outcomes(
    key: ModelKey,
    asOf: string,
    { accountIds, probabilities }: ShownProbabilities,
    paid: PaidSpans,
  ): { labels: number[]; probabilities: number[] } {
    const now = this.clock.now();
    const at = endOfDay(asOf, now, '/asOf').getTime();
    const known = { until: now.getTime(), graceDays: this.settings.graceDays };
    const labels: number[] = [];
    const kept: number[] = [];
    accountIds.forEach((accountId, row) => {
      const spans = paid.of(accountId);
      // Only accounts that paid then could churn, expand or contract.
      if (!spans.some(({ from, to, mrr }) => mrr > 0 && from < at && to >= at)) return;
      const label = OUTCOME[key](outcomesOf(spans, at, known));
      if (label === UNKNOWN) return;
      labels.push(label);
      kept.push(probabilities[row] ?? 0);
    });
    return { labels, probabilities: kept };
  }
}
