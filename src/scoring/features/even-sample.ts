/** A sample that does not depend on the order in which things come, of a size that is known only at the end: bottom-k by a hash of the number. */
export class EvenSample<T> {
  private kept: { readonly id: number; readonly rank: number; readonly value: T }[] = [];
  private highest = Infinity;

  /** @param most how many are taken; twice as many are held meanwhile */
  constructor(private readonly most: number) {}

  /** @param id a whole number; each comes once */
  add(id: number, value: T): void {
    const rank = rankOf(id);
    if (rank > this.highest) return;
    this.kept.push({ id, rank, value });
    if (this.kept.length >= 2 * this.most) this.thin();
  }

  /** By their numbers. */
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

/** Mixes the bits (the finaliser of MurmurHash3): each number has a rank of its own. */
function rankOf(id: number): number {
  let mixed = id ^ (id >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
