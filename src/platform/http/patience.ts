/** Far below any working connection, far above a client that only wants to occupy a slot. */
export const MIN_BYTES_PER_SECOND = 1_024;

/**
 * How much longer to wait for a sender. Waiting uses up the budget, and every byte restores some of it at
 * `MIN_BYTES_PER_SECOND`. So a sender may pause for `maxMs`, or be slow as long as it keeps that rate on average, for up
 * to `wholeMs` in total. Only waiting counts, not the service's own processing time.
 */
export class Patience {
  private left: number;
  private leftOfWhole: number;

  constructor(
    readonly maxMs: number,
    readonly wholeMs = Infinity,
  ) {
    this.left = maxMs;
    this.leftOfWhole = wholeMs;
  }

  get leftMs(): number {
    return Math.max(0, Math.min(this.left, this.leftOfWhole));
  }

  /** Records that `bytes` arrived after `ms` of waiting. */
  waited(ms: number, bytes: number): void {
    this.leftOfWhole -= ms;
    this.left = Math.min(this.maxMs, this.left - ms + (bytes / MIN_BYTES_PER_SECOND) * 1_000);
  }
}
