import { Logger } from '@nestjs/common';

/** Keeps ticks of the same name from overlapping; a tick that fails is logged, and the next one tries again. */
export class Turns {
  private readonly logger = new Logger(Turns.name);
  private readonly running = new Map<string, Promise<void>>();
  private ended = false;

  /** Does nothing while the last one still runs. */
  async take(name: string, work: () => Promise<unknown>): Promise<void> {
    if (this.ended || this.running.has(name)) return;
    const turn = Promise.resolve()
      .then(work)
      .then(
        () => undefined,
        (error: unknown) => this.logger.warn(error),
      )
      .finally(() => this.running.delete(name));
    this.running.set(name, turn);
    await turn;
  }

  /** Answers when those that run have ended; no other begins. */
  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(this.running.values());
  }
}
