import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RollUpService } from '../../intake/events/roll-up.service.js';
import { Clock } from '../../platform/clock.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { dayOf } from '../../platform/days.js';
import { databaseProblem } from '../../platform/http/database-problem.js';
import { Settings } from '../../platform/settings.js';
import { ModelsRepository } from '../models/models.repository.js';
import { ScoreRunsRepository } from '../queue/score-runs.repository.js';
import type { Trained } from './training-messages.js';
import { TrainingPace } from './training-pace.js';
import { TrainingStopped, TrainingThread, TrainingUnavailable } from './training-thread.js';
import {
  type ClaimedTraining,
  TrainingLost,
  type TrainingProgress,
  TrainingsRepository,
} from './trainings.repository.js';

/** Processes queued trainings in a separate thread, which lives while trainings are queued so that they share the history it has read. */
@Injectable()
export class TrainingRunner implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(TrainingRunner.name);
  private thread: TrainingThread | undefined;
  private stopping = false;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly trainings: TrainingsRepository,
    private readonly models: ModelsRepository,
    private readonly runs: ScoreRunsRepository,
    private readonly clock: Clock,
    private readonly rollUp: RollUpService,
    private readonly pace: TrainingPace,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.thread?.close();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.working;
  }

  /** Processes all queued trainings, and those whose holder has stopped responding. */
  async work(): Promise<void> {
    const working = this.workOff();
    this.working = working.catch(() => undefined);
    await working;
  }

  private async workOff(): Promise<void> {
    try {
      while (!this.stopping) {
        const training = await this.trainings.claim(this.dataSource.manager, this.pace.leaseMs);
        if (training === null) return;
        await this.take(training);
      }
    } finally {
      await this.thread?.close();
      this.thread = undefined;
    }
  }

  private async take(training: ClaimedTraining): Promise<void> {
    let news: TrainingProgress | null = null;
    const heartbeat = setInterval(() => {
      const told = news;
      news = null;
      this.trainings
        .advance(this.dataSource.manager, training, told, this.pace.leaseMs)
        .catch((error: unknown) => {
          // Another instance has taken it over.
          if (error instanceof TrainingLost) void this.thread?.close();
        });
    }, this.pace.beatMs).unref();
    try {
      await this.rollUp.drain();
      const thread = this.open();
      const trained = await thread.train(training.key, (progress) => (news = progress));
      clearInterval(heartbeat);
      await this.store(training, trained);
    } catch (error) {
      clearInterval(heartbeat);
      await this.giveUp(training, error);
    }
  }

  private open(): TrainingThread {
    if (this.stopping) throw new TrainingStopped('The service is stopping');
    return (this.thread ??= new TrainingThread(this.settings, urlOf(this.dataSource)));
  }

  private async store(training: ClaimedTraining, { asOf, definition, report }: Trained): Promise<void> {
    const { key } = training;
    const { taken } = report.decision;
    await inTransaction(this.dataSource, async (tx) => {
      // The thread trains the model it was asked for.
      const made = { key, asOf, definition: definition as never, report, taken };
      const { versionId } = await this.models.addVersion(made, tx);
      await this.trainings.succeed(tx, training, versionId);
      // The list and accounts with new facts are scored with it from now on.
      if (taken) await this.runs.request(tx, dayOf(this.clock.now()));
    });
  }

  private async giveUp(training: ClaimedTraining, error: unknown): Promise<void> {
    const { manager } = this.dataSource;
    const thread = this.thread;
    this.thread = undefined;
    await thread?.close();
    try {
      if (error instanceof TrainingStopped) await this.trainings.release(manager, training);
      // Nothing can be written without a database; the training is retried when the lease ends.
      else if (isPassing(error)) this.logger.warn(error);
      else {
        this.logger.error(error);
        await this.trainings.fail(manager, training, 'internal_error: see the log');
      }
    } catch (second) {
      this.logger.warn(second);
    }
  }
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof TrainingLost ||
    error instanceof TrainingUnavailable ||
    databaseProblem(error)?.status === 503
  );
}

function urlOf({ options }: DataSource): string {
  if (options.type !== 'postgres' || !options.url) throw new Error('the database has no URL');
  return options.url;
}
