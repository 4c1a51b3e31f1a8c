/** A sample of a stream that does not depend on its order: the items whose ids have the lowest hashes (bottom-k). */
export class EvenSample<T> {
  private kept: { readonly id: number; readonly rank: number; readonly value: T }[] = [];
  private highest = Infinity;

  /** @param most the size of the sample; up to twice as many items are held */
  constructor(private readonly most: number) {}

  /** @param id a whole number, unique */
  add(id: number, value: T): void {
    const rank = rankOf(id);
    if (rank > this.highest) return;
    this.kept.push({ id, rank, value });
    if (this.kept.length >= 2 * this.most) this.thin();
  }

  /** The sample, in order of id. */
  values(): T[] {
    this.thin();
    return this.kept.toSorted((one, other) => one.id - other.id).map(({ value }) => value);
  }

  private thin(): void {
    if (this.kept.length <= this.most) return;
    this.kept = this.kept.toSorted((one, other) => one.rank - other.rank).slice(0, this.most);
    this.highest = this.kept.at(-1)?.rank ?? Infinity;
  }
}

/** MurmurHash3's finalizer: a bijection, so no two ids share a rank. */
function rankOf(id: number): number {
  let mixed = id ^ (id >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
