import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { inTransaction } from '../../platform/database/transaction.js';
import { EventsRepository } from './events.repository.js';

const BATCHES = 200;
/** The more events a step holds, the fewer rows of the roll-ups it writes; whoever reads them drains first anyway. */
const IDLE_MS = 1_000;
const AFTER_ERROR_MS = 2_000;

/**
 * Moves accepted events from pending into the roll-ups. Taking a pending row and counting its events is one transaction,
 * so each event is counted once whenever the process is killed.
 */
@Injectable()
export class RollUpService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RollUpService.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly events: EventsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** When it answers, every event accepted before the call is in the roll-ups. */
  async drain(): Promise<void> {
    while ((await this.step(BATCHES)) === BATCHES);
  }

  private step(batches: number): Promise<number> {
    return inTransaction(this.dataSource, async (manager) => {
      await this.events.lockRollUp(manager);
      return this.events.drain(manager, batches);
    });
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      let pauseMs = IDLE_MS;
      try {
        await this.drain();
      } catch (error) {
        this.logger.warn(error);
        pauseMs = AFTER_ERROR_MS;
      }
      await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}
