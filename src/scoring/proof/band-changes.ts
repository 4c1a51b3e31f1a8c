import type { Band } from '../model/scorecard.js';

export interface BandAndScore {
  readonly band: Band;
  /** Hundredths of a point; null if no measure was known. */
  readonly score: number | null;
}

export interface BandChange {
  readonly accountId: number;
  /** Minor units; null if unknown. */
  readonly mrr: number | null;
  readonly from: BandAndScore;
  readonly to: BandAndScore;
}

type Counts = Record<Band, number>;

const none = (): Counts => ({ green: 0, yellow: 0, red: 0, unknown: 0 });

/** Counts accounts by band before and after, and keeps those with the highest MRR that change band. */
export class BandChanges {
  readonly before = none();
  readonly after = none();
  total = 0;
  private kept: BandChange[] = [];

  constructor(private readonly limit: number) {}

  add(change: BandChange): void {
    const { from, to } = change;
    this.before[from.band]++;
    this.after[to.band]++;
    if (from.band === to.band) return;
    this.total++;
    this.kept.push(change);
    if (this.kept.length >= 2 * this.limit) this.kept = this.largest();
  }

  /** Highest MRR first. */
  largest(): BandChange[] {
    return [...this.kept]
      .sort((one, other) => (other.mrr ?? -1) - (one.mrr ?? -1) || one.accountId - other.accountId)
      .slice(0, this.limit);
  }
}
