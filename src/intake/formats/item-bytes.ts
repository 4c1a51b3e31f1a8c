/**
 * Collects the bytes of an item that spans several chunks in one buffer: with slices, a sender of one-byte chunks would
 * use a hundred bytes of memory for each. Beyond the limit nothing is kept.
 */
export class ItemBytes {
  private buffer = Buffer.alloc(0);
  private size = 0;
  private overflowed = false;

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.size === 0 && !this.overflowed;
  }

  add(part: Uint8Array): void {
    if (this.overflowed || part.length === 0) return;
    const size = this.size + part.length;
    if (size > this.maxBytes) {
      this.overflowed = true;
      this.buffer = Buffer.alloc(0);
      return;
    }
    if (size > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(size, 2 * this.buffer.length)));
      this.buffer.copy(grown, 0, 0, this.size);
      this.buffer = grown;
    }
    this.buffer.set(part, this.size);
    this.size = size;
  }

  /** Ends the item with `last`; undefined when it was too large. The bytes are valid until the next `add`. */
  take(last: Uint8Array): Uint8Array | undefined {
    if (this.isEmpty) return last.length > this.maxBytes ? undefined : last;
    this.add(last);
    const taken = this.overflowed ? undefined : this.buffer.subarray(0, this.size);
    this.size = 0;
    this.overflowed = false;
    return taken;
  }
}
