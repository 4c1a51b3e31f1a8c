import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RollUpService } from '../../intake/events/roll-up.service.js';
import { Clock } from '../../platform/clock.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { DomainError } from '../../platform/errors.js';
import { databaseTrouble } from '../../platform/http/database-trouble.js';
import { Settings } from '../../platform/settings.js';
import { dayOf } from '../../platform/days.js';
import {
  type AccountFeatures,
  FeaturesRepository,
  missingRate,
  type Peers,
} from '../features/features.repository.js';
import { evaluate } from '../model/evaluate.js';
import { ScorecardsRepository, type StoredCard } from '../scorecards/scorecards.repository.js';
import { pack } from './packed-score.js';
import { RunPace } from './run-pace.js';
import { type ClaimedRun, LeaseLost, ScoreRunsRepository } from './score-runs.repository.js';
import { ScoresRepository } from './scores.repository.js';

const BEYOND_ALL_ACCOUNTS = 2 ** 31 - 1;

interface Plan {
  card: StoredCard;
  peers: Peers;
}

/** Thrown between two chunks when the process is to stop. */
class Stopping extends Error {}

/** Works off score runs, chunk by chunk; each chunk and its progress are one transaction, so a killed run goes on where it was. */
@Injectable()
export class ScoreRunner implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(ScoreRunner.name);
  private stopping = false;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: ScoreRunsRepository,
    private readonly scores: ScoresRepository,
    private readonly features: FeaturesRepository,
    private readonly scorecards: ScorecardsRepository,
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

  /** Works off all runs that wait; those whose holder went silent too. */
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

  private async score(run: ClaimedRun): Promise<void> {
    await this.rollUp.drain();
    const plan = await this.begin(run);
    let after = run.last_account_id;
    while (after < BEYOND_ALL_ACCOUNTS) {
      if (this.stopping) throw new Stopping();
      const from = after;
      after = await inTransaction(this.dataSource, (manager) => this.scoreChunk(manager, run, plan, from));
    }
    await this.runs.succeed(this.dataSource.manager, run);
  }

  private async begin(run: ClaimedRun): Promise<Plan> {
    if (run.scorecard_id !== null && run.peers !== null) {
      return { card: await this.scorecards.get(run.scorecard_id), peers: run.peers };
    }
    const card = await this.scorecards.current();
    const peers = await this.features.peers(this.dataSource.manager, run.as_of);
    const { scorecardId } = card;
    await this.runs.begin(this.dataSource.manager, run, {
      scorecardId,
      currency: this.settings.reportingCurrency,
      peers,
    });
    return { card, peers };
  }

  /** Answers the id after which the next chunk begins. */
  private async scoreChunk(
    manager: EntityManager,
    run: ClaimedRun,
    plan: Plan,
    after: number,
  ): Promise<number> {
    // A process that freezes here must not hold back facts for longer than its lease.
    await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${this.pace.leaseMs}`);
    const { card } = plan.card;
    const ids = await this.scores.accountsAfter(manager, after, this.pace.chunk);
    const upTo = ids.length < this.pace.chunk ? BEYOND_ALL_ACCOUNTS : (ids.at(-1) ?? BEYOND_ALL_ACCOUNTS);
    if (run.as_of === dayOf(this.clock.now())) await this.scores.untouch(manager, ids);
    const accounts = await this.features.features(manager, run.as_of, ids, plan.peers);
    const scores = accounts.map((account) => ({
      accountId: account.accountId,
      ...pack(plan.card.layout, account, evaluate(card, account)),
    }));
    const range = { asOf: run.as_of, runId: run.run_id, scorecardId: plan.card.scorecardId, after, upTo };
    await this.scores.replace(manager, range, scores);
    await this.runs.advance(manager, run, {
      accounts: ids.length,
      lastAccountId: upTo,
      remark: this.remarkOn(run, accounts),
    });
    return upTo;
  }

  /** One account in a currency without a rate leaves its MRR unknown; it does not stop the others. */
  private remarkOn(run: ClaimedRun, accounts: readonly AccountFeatures[]): string | null {
    const currency = accounts.find(({ withoutRate }) => withoutRate !== null)?.withoutRate;
    if (!currency) return null;
    const remark = reasonOf(missingRate(currency, this.settings.reportingCurrency, run.as_of));
    this.logger.warn(remark);
    return remark;
  }

  private async giveUp(run: ClaimedRun, error: unknown): Promise<void> {
    const { manager } = this.dataSource;
    try {
      if (error instanceof Stopping) await this.runs.release(manager, run);
      // Without a database nothing can be said; when the lease ends the run is taken up again.
      else if (error instanceof LeaseLost || databaseTrouble(error)?.status === 503) this.logger.warn(error);
      else {
        if (!(error instanceof DomainError)) this.logger.error(error);
        await this.runs.fail(manager, run, reasonOf(error));
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
