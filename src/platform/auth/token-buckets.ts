/**
 * One allowance per name: up to `burst` at once, refilled at `perSecond`. Holds at most `maxNames`; beyond that the one not used for
 * longest is forgotten, which gives it a full allowance again.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
    private readonly maxNames = 10_000,
  ) {}

  /** Takes one. 0: it was there; else the whole seconds until there is one again. */
  take(name: string): number {
    const tokens = this.tokensOf(name);
    this.buckets.delete(name);
    if (this.buckets.size >= this.maxNames) this.forgetOldest();
    this.buckets.set(name, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: this.now() });
    return tokens >= 1 ? 0 : this.secondsUntilOne(tokens);
  }

  /** As `take`, but leaves it there. */
  wait(name: string): number {
    const tokens = this.tokensOf(name);
    return tokens >= 1 ? 0 : this.secondsUntilOne(tokens);
  }

  get size(): number {
    return this.buckets.size;
  }

  private tokensOf(name: string): number {
    const bucket = this.buckets.get(name);
    if (!bucket) return this.burst;
    return Math.min(this.burst, bucket.tokens + ((this.now() - bucket.at) / 1_000) * this.perSecond);
  }

  private secondsUntilOne(tokens: number): number {
    return Math.max(1, Math.ceil((1 - tokens) / this.perSecond));
  }

  /** A map keeps the order in which names were last set. */
  private forgetOldest(): void {
    for (const name of this.buckets.keys()) {
      this.buckets.delete(name);
      return;
    }
  }
}
