import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DataSource, type EntityManager } from 'typeorm';
import { PartitionsService } from '../intake/events/partitions.service.js';
import { ReleaseService } from '../intake/quarantine/release.service.js';
import { DiskSpace } from '../platform/health/disk-space.js';
import { OutboxConsumers } from '../platform/outbox/outbox-consumers.js';
import { Settings } from '../platform/settings.js';
import { inTransaction } from '../platform/database/transaction.js';
import { dayOf } from '../platform/days.js';
import { ForecastService } from '../portfolio/forecast/forecast.service.js';
import { SourceWatchService } from '../portfolio/sources/source-watch.service.js';
import { ModelChecksService } from '../scoring/models/checks/model-checks.service.js';
import { LiveScoringService } from '../scoring/runs/live-scoring.service.js';
import { ScoreRunner } from '../scoring/runs/score-runner.service.js';
import { ScoreRunsRepository } from '../scoring/queue/score-runs.repository.js';
import { ScoresRepository } from '../scoring/scores/scores.repository.js';
import { TrainingRunner } from '../scoring/training/training-runner.service.js';
import { TrainingsService } from '../scoring/training/trainings.service.js';
import { JobRunsService } from './job-runs.service.js';
import { JobSlotsService, type SlotJob } from './job-slots.service.js';
import { TickGuard } from './tick-guard.js';

/** Runs outside the slot's transaction, once or twice per slot, so it must do only what is missing. */
interface BackgroundJob {
  readonly name: string;
  readonly cron: string;
  readonly run: () => Promise<unknown>;
}

/** Under load, rescoring accounts just scored takes at most a tenth of one connection's time. */
const LIVE_REST = 9;

/** All scheduled work. Times are UTC; the intervals only check whether something is due. */
@Injectable()
export class Schedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ticks: TickGuard;
  private readonly slotJobs: SlotJob[];
  private readonly background: ReadonlyMap<string, () => Promise<unknown>>;

  constructor(
    settings: Settings,
    dataSource: DataSource,
    private readonly slots: JobSlotsService,
    private readonly jobRuns: JobRunsService,
    private readonly runner: ScoreRunner,
    private readonly live: LiveScoringService,
    private readonly release: ReleaseService,
    private readonly sources: SourceWatchService,
    private readonly training: TrainingRunner,
    trainings: TrainingsService,
    checks: ModelChecksService,
    runs: ScoreRunsRepository,
    partitions: PartitionsService,
    scores: ScoresRepository,
    forecasts: ForecastService,
    consumers: OutboxConsumers,
    disk: DiskSpace,
  ) {
    this.ticks = new TickGuard(() => disk.isFull);
    const { manager } = dataSource;
    const background: BackgroundJob[] = [
      {
        name: 'check-models',
        cron: '15 4 * * *',
        run: () => inTransaction(dataSource, (tx) => checks.check(tx)),
      },
      { name: 'drop-expired-events', cron: '30 3 * * *', run: () => partitions.dropExpired() },
      {
        name: 'forget-scores-of-deleted-accounts',
        cron: '45 3 * * *',
        run: () => scores.forgetDeleted(manager),
      },
      { name: 'forecast', cron: '30 4 * * *', run: () => forecasts.keep() },
      { name: 'prune-outbox', cron: '50 3 * * *', run: () => consumers.prune(settings.outboxRetentionDays) },
    ];
    this.background = new Map(background.map(({ name, run }) => [name, run]));
    this.slotJobs = [
      {
        // As of the slot's day, today, so that the morning's list shows the latest data.
        name: 'score',
        cron: settings.scoreCron,
        enqueue: async (tx, slot) => void (await runs.create(tx, [dayOf(slot)], slot)),
      },
      { name: 'train', cron: settings.trainCron, enqueue: (tx, slot) => trainings.requestAll(tx, slot) },
      ...background.map(({ name, cron }) => ({
        name,
        cron,
        enqueue: (tx: EntityManager, slot: Date) => this.jobRuns.enqueue(tx, name, slot),
      })),
    ];
  }

  onApplicationBootstrap(): void {
    void this.takeSlots();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ticks.end();
  }

  @Interval(10_000)
  async takeSlots(): Promise<void> {
    await Promise.all(this.slotJobs.map((job) => this.ticks.run(job.name, () => this.slots.take(job))));
  }

  @Interval(1_000)
  async runJobs(): Promise<void> {
    await this.ticks.run('jobs', () => this.jobRuns.work(this.background));
  }

  @Interval(1_000)
  async processScoreRuns(): Promise<void> {
    await this.ticks.run('score-runs', () => this.runner.work());
  }

  @Interval(1_000)
  async processTrainings(): Promise<void> {
    await this.ticks.run('trainings', () => this.training.work());
  }

  @Interval(2_000)
  async scoreTouched(): Promise<void> {
    await this.ticks.run('live-scores', () => this.live.work(), LIVE_REST);
  }

  @Interval(10_000)
  async sweepQuarantine(): Promise<void> {
    await this.ticks.run('quarantine', () => this.release.sweep());
  }

  @Interval(60_000)
  async checkSources(): Promise<void> {
    await this.ticks.run('sources', () => this.sources.check());
  }
}
