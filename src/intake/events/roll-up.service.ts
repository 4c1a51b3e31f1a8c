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
const LOOK_MS = 100;
const MANY_BATCHES = 150;
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

  /** When it returns, every event accepted before the call is in the roll-ups. */
  async drain(): Promise<void> {
    while ((await this.step(BATCHES)) === BATCHES);
  }

  private step(batches: number): Promise<number> {
    return inTransaction(this.dataSource, async (manager) => {
      await this.events.lockRollUp(manager);
      return this.events.drain(manager, batches);
    });
  }

  /**
   * The more events a step covers, the fewer roll-up rows it writes. So it waits while batches keep arriving, until there are many or one has
   * waited for a second. Readers of the roll-ups drain first anyway.
   */
  private async run(): Promise<void> {
    let seen = 0;
    while (!this.stopping.signal.aborted) {
      let pauseMs = LOOK_MS;
      try {
        const { batches, newest, late } = await this.events.pending(this.dataSource.manager);
        if (batches > 0 && (late || batches >= MANY_BATCHES || newest === seen)) await this.drain();
        seen = newest;
      } catch (error) {
        this.logger.warn(error);
        pauseMs = AFTER_ERROR_MS;
      }
      await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}
