/**
 * Token buckets by name: up to `burst` at once, refilled at `perSecond`. Keeps at most `maxNames`; the least recently used
 * one is dropped and starts full again.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
    private readonly maxNames = 10_000,
  ) {}

  /** Takes a token. Returns 0, or the whole seconds until one is available. */
  take(name: string): number {
    const tokens = this.tokensOf(name);
    this.buckets.delete(name);
    if (this.buckets.size >= this.maxNames) this.forgetOldest();
    this.buckets.set(name, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: this.now() });
    return tokens >= 1 ? 0 : this.secondsUntilToken(tokens);
  }

  /** Like `take`, but does not use the token. */
  wait(name: string): number {
    const tokens = this.tokensOf(name);
    return tokens >= 1 ? 0 : this.secondsUntilToken(tokens);
  }

  get size(): number {
    return this.buckets.size;
  }

  private tokensOf(name: string): number {
    const bucket = this.buckets.get(name);
    if (!bucket) return this.burst;
    return Math.min(this.burst, bucket.tokens + ((this.now() - bucket.at) / 1_000) * this.perSecond);
  }

  private secondsUntilToken(tokens: number): number {
    return Math.max(1, Math.ceil((1 - tokens) / this.perSecond));
  }

  /** A map keeps insertion order, so setting again moves a name to the end. */
  private forgetOldest(): void {
    for (const name of this.buckets.keys()) {
      this.buckets.delete(name);
      return;
    }
  }
}
