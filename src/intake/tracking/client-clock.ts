import { parseInstant } from '../../platform/validation/instant.js';

/** Below this a difference may be the time that the request took, and most clocks are off by some seconds. */
const TOLERATED_MS = 60_000;

/** The clock of the client that sent a request, as far as it matters: one that is ahead dates calls into the future. */
export interface ClientClock {
  /** By our clock, epoch milliseconds. */
  readonly arrivedAt: number;
  /** How far the client's clock is ahead; 0 when it is right or behind. */
  readonly aheadMs: number;
}

/** `sentAt` is by the client's clock; without one it counts as right. */
export function clientClock(sentAt: unknown, arrivedAt: number): ClientClock {
  const sent = typeof sentAt === 'string' ? parseInstant(sentAt) : undefined;
  const aheadMs = sent === undefined ? 0 : sent - arrivedAt;
  return { arrivedAt, aheadMs: aheadMs > TOLERATED_MS ? aheadMs : 0 };
}
