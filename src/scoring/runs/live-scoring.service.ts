import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { TouchedAccounts } from '../../accounts/touched-accounts.repository.js';
import { RollUpService } from '../../intake/events/roll-up.service.js';
import { Clock } from '../../platform/clock.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { dayOf } from '../../platform/days.js';
import { FeaturesRepository } from '../features/features.repository.js';
import { OverridesRepository } from '../overrides/overrides.repository.js';
import { type DayPlan, DayPlansService } from './day-plans.service.js';
import { RunPace } from './run-pace.js';
import { ScoreRunsRepository } from '../queue/score-runs.repository.js';
import { ScoreWriter } from './score-writer.service.js';
import { ScoresRepository } from '../scores/scores.repository.js';

const LIVE_SCORING_LOCK = 7006;
const FIRST_DAY_PAUSE_SECONDS = 15;

/**
 * Scores accounts with new facts, longest waiting first. Pauses while a run scores all accounts as of today, since that run includes these facts.
 */
@Injectable()
export class LiveScoringService {
  /** Since the last run requested here. */
  private scoredSome = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly rollUp: RollUpService,
    private readonly runs: ScoreRunsRepository,
    private readonly plans: DayPlansService,
    private readonly features: FeaturesRepository,
    private readonly touched: TouchedAccounts,
    private readonly scores: ScoresRepository,
    private readonly overrides: OverridesRepository,
    private readonly writer: ScoreWriter,
    private readonly pace: RunPace,
  ) {}

  /** Processes waiting accounts; requests a full run if there has never been one. */
  async work(): Promise<void> {
    const { manager } = this.dataSource;
    await this.touchExpired();
    for (;;) {
      const waiting = await this.touched.oldest(manager, this.pace.chunk);
      const today = dayOf(this.clock.now());
      if (await this.runs.isOpen(manager, today)) return;
      if (waiting.length === 0) return this.askAgain(today);
      const plan = await this.plans.forNow();
      if (plan === null) return inTransaction(this.dataSource, (tx) => this.askForFirst(tx));
      await this.rollUp.drain();
      await inTransaction(this.dataSource, (tx) => this.score(tx, plan, waiting));
      this.scoredSome = true;
      if (waiting.length < this.pace.chunk) return;
    }
  }

  /** Resolves when no instance is scoring accounts. */
  async wait(): Promise<void> {
    await this.dataSource.query('SELECT pg_advisory_lock($1), pg_advisory_unlock($1)', [LIVE_SCORING_LOCK]);
  }

  private async score(manager: EntityManager, plan: DayPlan, waiting: readonly number[]): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [LIVE_SCORING_LOCK]);
    if (await this.runs.isOpen(manager, plan.asOf)) return;
    await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${this.pace.leaseMs}`);
    const ids = await this.touched.unmark(manager, waiting);
    if (ids.length === 0) return;
    ids.sort((a, b) => a - b);
    const accounts = await this.features.features(manager, plan.asOf, ids, plan.peers);
    await this.writer.store(manager, plan, ids, await this.writer.score(manager, plan, ids, accounts));
    await this.scores.forgetDeletedOf(manager, ids);
  }

  private async askForFirst(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [LIVE_SCORING_LOCK]);
    const today = dayOf(this.clock.now());
    if ((await this.runs.isOpen(manager, today)) || (await this.runs.failedRecently(manager, today))) return;
    await this.runs.create(manager, [today]);
  }

  /**
   * The first run often sees only a small part of the first import, and later accounts are compared with that. So on the
   * first day more runs follow while facts arrive, at doubling intervals.
   */
  private async askAgain(today: string): Promise<void> {
    if (!this.scoredSome) return;
    const due = await this.runs.isFirstDayDue(this.dataSource.manager, today, FIRST_DAY_PAUSE_SECONDS);
    if (due) await this.runs.request(this.dataSource.manager, today);
    if (due || due === null) this.scoredSome = false;
  }

  private async touchExpired(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const ids = await this.overrides.takeExpired(manager);
      await this.touched.mark(manager, ids);
    });
  }
}
