import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

const MAX_REST_MS = 8_000;

/** Prevents overlapping ticks of the same name. A failed tick is logged, and the next one tries again. */
export class TickGuard {
  private readonly logger = new Logger(TickGuard.name);
  private readonly running = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();

  /** @param paused while true, no tick starts */
  constructor(private readonly paused: () => boolean = () => false) {}

  /**
   * Skips the tick while the previous one runs, and for `rest` times its duration afterwards (at most 8 s), so that it does
   * not use the whole machine under load.
   */
  async run(name: string, work: () => Promise<unknown>, rest = 0): Promise<void> {
    if (this.ending.signal.aborted || this.running.has(name) || this.paused()) return;
    const begun = performance.now();
    const tick = Promise.resolve()
      .then(work)
      .catch((error: unknown) => this.logger.warn(error))
      .then(() => this.pause(Math.min(rest * (performance.now() - begun), MAX_REST_MS)))
      .finally(() => this.running.delete(name));
    this.running.set(name, tick);
    await tick;
  }

  /** Resolves when running ticks have ended; no new ones start. */
  async end(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.running.values());
  }

  private async pause(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}
