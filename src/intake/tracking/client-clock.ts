import { parseInstant } from '../../platform/validation/instant.js';

/** Smaller differences are normal: most clocks are off by some seconds. */
const TOLERATED_MS = 60_000;

/** How far to trust the clock of the client that sent a request. A clock that is ahead dates calls into the future. */
export interface ClientClock {
  /** By our clock, epoch milliseconds. */
  readonly arrivedAt: number;
  /** How far the client's clock is ahead; 0 if it is right or behind. */
  readonly aheadMs: number;
}

/** `sentAt` is the client's time of sending. Without it the clock is assumed to be right. */
export function clientClock(sentAt: unknown, arrivedAt: number): ClientClock {
  const sent = typeof sentAt === 'string' ? parseInstant(sentAt) : undefined;
  const aheadMs = sent === undefined ? 0 : sent - arrivedAt;
  return { arrivedAt, aheadMs: aheadMs > TOLERATED_MS ? aheadMs : 0 };
}
