/** Far below any working connection, far above a sender that only means to hold a slot. */
export const MIN_BYTES_PER_SECOND = 1_024;

/**
 * How much longer a sender is waited for. Waiting uses it up, and every byte earns some back at `MIN_BYTES_PER_SECOND`, so a sender
 * may pause for `maxMs` or be slow for as long as it keeps that rate on average, up to `wholeMs` in all. Only waiting counts: time
 * that the service itself takes is not held against the sender.
 */
export class Patience {
  private left: number;

  constructor(
    readonly maxMs: number,
    private wholeMs = Infinity,
  ) {
    this.left = maxMs;
  }

  get leftMs(): number {
    return Math.max(0, Math.min(this.left, this.wholeMs));
  }

  /** After `ms` of waiting, `bytes` came. */
  waited(ms: number, bytes: number): void {
    this.wholeMs -= ms;
    this.left = Math.min(this.maxMs, this.left - ms + (bytes / MIN_BYTES_PER_SECOND) * 1_000);
  }
}
