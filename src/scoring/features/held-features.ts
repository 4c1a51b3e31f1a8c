import type { RawFeatures } from './account-features.js';

type Standing = Omit<RawFeatures, 'values'>;
type Values = RawFeatures['values'];

/** What was read of many accounts, a tenth of the size of the objects. */
export class HeldFeatures {
  private keys: (keyof Values)[] | null = null;
  private readonly standings = new Map<number, Standing>();
  private readonly numbers = new Map<number, Float64Array>();

  get size(): number {
    return this.standings.size;
  }

  add({ values, ...standing }: RawFeatures): void {
    this.keys ??= Object.keys(values) as (keyof Values)[];
    this.standings.set(standing.accountId, standing);
    this.numbers.set(
      standing.accountId,
      Float64Array.from(this.keys, (key) => values[key] ?? NaN),
    );
  }

  get(accountId: number): RawFeatures | undefined {
    const standing = this.standings.get(accountId);
    const numbers = this.numbers.get(accountId);
    if (!standing || !numbers || !this.keys) return undefined;
    const values = Object.fromEntries(
      this.keys.map((key, place): [string, number | null] => {
        const value = numbers[place] ?? NaN;
        return [key, Number.isNaN(value) ? null : value];
      }),
    ) as Values;
    return { ...standing, values };
  }

  /** In the order in which they were added, about `count` of them, evenly spread. */
  *sample(count: number): Generator<RawFeatures> {
    const step = Math.max(1, Math.floor(this.size / count));
    let place = 0;
    for (const accountId of this.standings.keys()) {
      const raw = place++ % step === 0 ? this.get(accountId) : undefined;
      if (raw) yield raw;
    }
  }
}
