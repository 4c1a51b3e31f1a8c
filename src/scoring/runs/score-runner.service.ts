import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { TouchedAccounts } from '../../accounts/touched-accounts.repository.js';
import { RollUpService } from '../../intake/events/roll-up.service.js';
import { Clock } from '../../platform/clock.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { dayOf } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { databaseProblem } from '../../platform/http/database-problem.js';
import { prefetch } from '../../platform/prefetch.js';
import { Settings } from '../../platform/settings.js';
import { CurrentListRepository } from '../scores/current-list.repository.js';
import type { AccountFeatures } from '../features/account-features.js';
import { against } from '../features/peers.js';
import { FeaturesRepository, missingRate } from '../features/features.repository.js';
import { type DayPlan, DayPlansService } from './day-plans.service.js';
import { LiveScoringService } from './live-scoring.service.js';
import { RunPace } from './run-pace.js';
import { ScoreDaysRepository } from './score-days.repository.js';
import { type ClaimedRun, LeaseLost, ScoreRunsRepository } from '../queue/score-runs.repository.js';
import { type Scored, ScoreWriter } from './score-writer.service.js';
import { ScoresRepository } from '../scores/scores.repository.js';

const BEYOND_ALL_ACCOUNTS = 2 ** 31 - 1;

/** Accounts stored in one transaction. */
interface Chunk {
  readonly ids: readonly number[];
  /** The next chunk begins after it. */
  readonly upTo: number;
  readonly scored: Scored;
  readonly remark: string | null;
}

/** Thrown between chunks when the process is shutting down. */
class Stopping extends Error {}

/** Processes queued score runs in chunks. Each chunk and its progress are one transaction, so a killed run resumes where it stopped. */
@Injectable()
export class ScoreRunner implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(ScoreRunner.name);
  private stopping = false;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: ScoreRunsRepository,
    private readonly touched: TouchedAccounts,
    private readonly scores: ScoresRepository,
    private readonly days: ScoreDaysRepository,
    private readonly plans: DayPlansService,
    private readonly writer: ScoreWriter,
    private readonly list: CurrentListRepository,
    private readonly features: FeaturesRepository,
    private readonly liveScoring: LiveScoringService,
    private readonly rollUp: RollUpService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly pace: RunPace,
  ) {}

  onModuleDestroy(): void {
    this.stopping = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.working;
  }

  /** Processes all queued runs, including those whose lease has expired. */
  async work(): Promise<void> {
    const working = this.workOff();
    this.working = working.catch(() => undefined);
    await working;
  }

  private async workOff(): Promise<void> {
    while (!this.stopping) {
      const run = await this.runs.claim(this.dataSource.manager, this.pace.leaseMs);
      if (run === null) return;
      await this.take(run);
    }
  }

  private async take(run: ClaimedRun): Promise<void> {
    const beat = setInterval(() => {
      // A lost lease shows when the chunk is written.
      this.runs.keepAlive(this.dataSource.manager, run, this.pace.leaseMs).catch(() => undefined);
    }, this.pace.beatMs).unref();
    try {
      await this.score(run);
    } catch (error) {
      await this.giveUp(run, error);
    } finally {
      clearInterval(beat);
    }
  }

  /** One day of it. */
  private async score(run: ClaimedRun): Promise<void> {
    await this.runs.begin(this.dataSource.manager, run);
    await this.rollUp.drain();
    await this.liveScoring.wait();
    const plan = await this.plans.forDay(run.run_id, run.as_of, (manager) => this.goOn(manager, run));
    for await (const chunk of this.chunks(plan, plan.held === null ? run.last_account_id : 0)) {
      this.throwIfStopping();
      await inTransaction(this.dataSource, (tx) => this.store(tx, run, this.asOfNow(plan), chunk));
    }
    await this.finish(run, plan);
  }

  /** If the day has ended since the run began, it is a past day: its scores are stored, but not shown in the list. */
  private asOfNow(plan: DayPlan): DayPlan {
    return plan.asOf === dayOf(this.clock.now()) ? plan : { ...plan, list: null };
  }

  private throwIfStopping(): void {
    if (this.stopping) throw new Stopping();
  }

  private async goOn(manager: EntityManager, run: ClaimedRun): Promise<void> {
    this.throwIfStopping();
    await this.runs.keepAlive(manager, run, this.pace.leaseMs);
  }

  /** Scores the accounts after the given one; the next ones are scored while these are stored. */
  private chunks(plan: DayPlan, after: number): AsyncGenerator<Chunk> {
    return prefetch((last?: Chunk) => this.chunkAfter(plan, last?.upTo ?? after));
  }

  /** Null if there is none. */
  private async chunkAfter(plan: DayPlan, after: number): Promise<Chunk | null> {
    if (after >= BEYOND_ALL_ACCOUNTS) return null;
    const { manager } = this.dataSource;
    const ids = await this.scores.accountsAfter(manager, after, this.pace.chunk);
    const upTo = ids.length < this.pace.chunk ? BEYOND_ALL_ACCOUNTS : (ids.at(-1) ?? BEYOND_ALL_ACCOUNTS);
    const held = ids.flatMap((id) => plan.held?.get(id) ?? []).map((raw) => against(raw, plan.peers));
    const known = new Set(held.map(({ accountId }) => accountId));
    const missing = ids.filter((id) => !known.has(id));
    const accounts = [...held, ...(await this.read(manager, plan, missing))];
    return {
      ids,
      upTo,
      scored: await this.writer.score(manager, plan, ids, accounts),
      remark: this.remarkOn(plan.asOf, accounts),
    };
  }

  private async read(
    manager: EntityManager,
    plan: DayPlan,
    ids: readonly number[],
  ): Promise<AccountFeatures[]> {
    return ids.length === 0 ? [] : this.features.features(manager, plan.asOf, ids, plan.peers);
  }

  private async store(
    manager: EntityManager,
    run: ClaimedRun,
    plan: DayPlan,
    { ids, upTo, scored, remark }: Chunk,
  ): Promise<void> {
    // A process that hangs here must not block writes for longer than its lease.
    await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${this.pace.leaseMs}`);
    const newest = await this.withNewFacts(manager, plan, ids, scored);
    await this.writer.store(manager, plan, ids, newest);
    await this.runs.advance(manager, run, { accounts: ids.length, lastAccountId: upTo, remark });
  }

  /** Accounts with facts newer than the read are scored again. */
  private async withNewFacts(
    manager: EntityManager,
    plan: DayPlan,
    ids: readonly number[],
    scored: Scored,
  ): Promise<Scored> {
    const changed = plan.list === null ? [] : await this.touched.take(manager, ids);
    if (changed.length === 0) return scored;
    const again = await this.writer.score(manager, plan, changed, await this.read(manager, plan, changed));
    const isOld = new Set<number | null>(changed);
    const together = <Of extends { accountId: number | null }>(
      before: readonly Of[],
      after: readonly Of[],
    ): Of[] => [...before.filter(({ accountId }) => !isOld.has(accountId)), ...after];
    return {
      scores: together(scored.scores, again.scores),
      present: together(scored.present, again.present),
      changes: together(scored.changes, again.changes),
    };
  }

  private async finish(run: ClaimedRun, plan: DayPlan): Promise<void> {
    if (this.asOfNow(plan).list !== null) await inTransaction(this.dataSource, (tx) => this.complete(tx));
    this.throwIfStopping();
    await inTransaction(this.dataSource, (tx) => this.endDay(tx, run, this.asOfNow(plan)));
  }

  private async complete(manager: EntityManager): Promise<void> {
    // A process that hangs here must not keep another from filling the list.
    await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${this.pace.leaseMs}`);
    await this.list.complete(manager);
  }

  private async endDay(manager: EntityManager, run: ClaimedRun, plan: DayPlan): Promise<void> {
    // A process that hangs here must release its run.
    await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${this.pace.leaseMs}`);
    await this.runs.endDay(manager, run);
    if (plan.list === null) await this.touched.putBack(manager);
    else {
      await this.list.flip(manager);
      await this.touched.forgetTaken(manager);
    }
    await this.days.finish(manager, plan.asOf);
  }

  /** The half of the list that it filled is dropped. */
  private async fail(manager: EntityManager, run: ClaimedRun, reason: string): Promise<void> {
    // A process that hangs here must release its run.
    await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${this.pace.leaseMs}`);
    await this.runs.fail(manager, run, reason);
    await this.touched.putBack(manager);
  }

  /** An account in a currency without a rate has unknown MRR; it does not stop the others. */
  private remarkOn(asOf: string, accounts: readonly AccountFeatures[]): string | null {
    const currency = accounts.find(({ withoutRate }) => withoutRate !== null)?.withoutRate;
    if (!currency) return null;
    const remark = reasonOf(missingRate(currency, this.settings.reportingCurrency, asOf));
    this.logger.warn(remark);
    return remark;
  }

  private async giveUp(run: ClaimedRun, error: unknown): Promise<void> {
    const { manager } = this.dataSource;
    try {
      if (error instanceof Stopping) await this.runs.release(manager, run);
      // Nothing can be written without a database; the run is retried when the lease ends.
      else if (error instanceof LeaseLost || databaseProblem(error)?.status === 503) this.logger.warn(error);
      else {
        if (!(error instanceof DomainError)) this.logger.error(error);
        await inTransaction(this.dataSource, (tx) => this.fail(tx, run, reasonOf(error)));
      }
    } catch (second) {
      this.logger.warn(second);
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof DomainError
    ? `${error.code}: ${error.detail}`
    : 'internal_error: the log tells more';
}
