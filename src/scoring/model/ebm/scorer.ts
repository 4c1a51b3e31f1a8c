import { binColumn, numericBin } from './binning.js';
import { coarseCount } from './coarse.js';
import { MISSING, type RawColumn } from './columns.js';
import { type EbmModel, SPREAD_SCALE } from './model.js';

export interface EbmScores {
  /** intercept + offset + all contributions of the row. */
  readonly logits: Float64Array;
  /** Rows × features, row by row, in logits. */
  readonly contributions: Float64Array;
  /** Rows × pairs, row by row, in logits. */
  readonly pairContributions: Float64Array;
  /** Standard deviation of the logit over the bags. */
  readonly spreads: Float64Array;
}

/** Of one row, without an offset. */
export interface EbmRowScore {
  readonly logit: number;
  /** Standard deviation of the logit over the bags. */
  readonly spread: number;
}

/** Scores rows by a fitted model; made once for many. */
export class EbmScorer {
  private readonly mains: readonly Float64Array[];
  private readonly pairs: readonly {
    readonly a: Uint16Array;
    readonly b: Uint8Array;
    readonly table: Float64Array;
  }[];
  /** By feature, by bin, what each bag differs by; bags lie side by side. */
  private readonly mainSpreads: readonly Float32Array[];
  private readonly pairSpreads: readonly Float32Array[];
  private readonly bagCount: number;
  /** By feature, of categories the bin of each. */
  private readonly categories: readonly (ReadonlyMap<string, number> | null)[];
  private readonly deviations: Float64Array;

  constructor(private readonly model: EbmModel) {
    this.bagCount = model.bags.length;
    this.deviations = new Float64Array(this.bagCount);
    this.categories = model.features.map((feature) =>
      feature.kind === 'category'
        ? new Map(feature.categories.map((value, place) => [value, place + 1]))
        : null,
    );
    this.mains = model.mains.map((table) => Float64Array.from(table));
    this.pairs = model.pairs.map(({ features: [a, b], table }) => {
      const [first = [], second = []] = [model.coarse[a], model.coarse[b]];
      const width = coarseCount(second);
      return {
        a: Uint16Array.from(first, (bin) => bin * width),
        b: Uint8Array.from(second),
        table: Float64Array.from(table),
      };
    });
    const sideBySide = (tables: readonly (readonly number[])[]): Float32Array => {
      const size = tables[0]?.length ?? 0;
      const into = new Float32Array(size * tables.length);
      tables.forEach((table, bag) =>
        table.forEach((value, cell) => (into[cell * tables.length + bag] = value / SPREAD_SCALE)),
      );
      return into;
    };
    this.mainSpreads = model.features.map((_, place) =>
      sideBySide(model.bags.map(({ mains }) => mains[place] ?? [])),
    );
    this.pairSpreads = model.pairs.map((_, place) =>
      sideBySide(model.bags.map(({ pairs }) => pairs[place] ?? [])),
    );
  }

  /**
   * @param columns of the model's features, in their order
   * @throws RangeError when a column is missing or not the feature's
   */
  score(columns: readonly RawColumn[], offsets?: ArrayLike<number>): EbmScores {
    const { features } = this.model;
    const binned = features.map((feature, place) => {
      const column = columns[place];
      if (column?.name !== feature.name) throw new RangeError(`column ${place + 1} must be ${feature.name}`);
      return binColumn(feature, column);
    });
    return this.scoreBinned(binned, columns[0]?.values.length ?? offsets?.length ?? 0, offsets);
  }

  /** The bins of one row. `valueOf` answers a number or a category by the feature's name; null, undefined or NaN: unknown. */
  binsOf(valueOf: (feature: string) => number | string | null | undefined): Uint8Array {
    return Uint8Array.from(this.model.features, (feature, place) => {
      const value = valueOf(feature.name);
      if (value === null || value === undefined) return MISSING;
      if (feature.kind === 'numeric') return numericBin(feature.cuts, Number(value));
      return this.categories[place]?.get(String(value)) ?? feature.categories.length + 1;
    });
  }

  /** Of one row: what a run asks for every account. */
  scoreRow(bins: Uint8Array): EbmRowScore {
    const { deviations } = this;
    let logit = this.model.intercept;
    for (let bag = 0; bag < this.bagCount; bag++)
      deviations[bag] = (this.model.bags[bag]?.intercept as number) / SPREAD_SCALE;
    for (let place = 0; place < this.mains.length; place++) {
      const bin = bins[place] as number;
      logit += this.mains[place]?.[bin] as number;
      this.addTo(deviations, this.mainSpreads[place] as Float32Array, bin);
    }
    for (let place = 0; place < this.pairs.length; place++) {
      const cell = this.cellOf(place, (feature) => bins[feature] as number);
      logit += this.pairs[place]?.table[cell] as number;
      this.addTo(deviations, this.pairSpreads[place] as Float32Array, cell);
    }
    return { logit, spread: deviationOf(deviations) };
  }

  /** Logits in the order of the features; those of a pair are shared between its two. With the intercept they add up to the logit. */
  contributionsOf(bins: Uint8Array): Float64Array {
    const parts = Float64Array.from(bins, (bin, place) => this.mains[place]?.[bin] as number);
    this.pairs.forEach(({ table }, place) => {
      const half = (table[this.cellOf(place, (feature) => bins[feature] as number)] as number) / 2;
      for (const feature of this.model.pairs[place]?.features ?? [])
        parts[feature] = (parts[feature] as number) + half;
    });
    return parts;
  }

  /** Of rows that are in bins already, by feature. */
  scoreBinned(bins: readonly Uint8Array[], rows: number, offsets?: ArrayLike<number>): EbmScores {
    const { intercept, features } = this.model;
    const logits = new Float64Array(rows);
    const contributions = new Float64Array(rows * features.length);
    const pairContributions = new Float64Array(rows * this.pairs.length);
    const spreads = new Float64Array(rows);
    const deviations = new Float64Array(this.bagCount);
    for (let row = 0; row < rows; row++) {
      this.model.bags.forEach((bag, place) => (deviations[place] = bag.intercept / SPREAD_SCALE));
      let logit = intercept + (offsets?.[row] ?? 0);
      for (let place = 0; place < this.mains.length; place++) {
        const bin = bins[place]?.[row] as number;
        const part = this.mains[place]?.[bin] as number;
        contributions[row * this.mains.length + place] = part;
        logit += part;
        this.addTo(deviations, this.mainSpreads[place] as Float32Array, bin);
      }
      for (let place = 0; place < this.pairs.length; place++) {
        const cell = this.cellOf(place, (feature) => bins[feature]?.[row] as number);
        const part = this.pairs[place]?.table[cell] as number;
        pairContributions[row * this.pairs.length + place] = part;
        logit += part;
        this.addTo(deviations, this.pairSpreads[place] as Float32Array, cell);
      }
      logits[row] = logit;
      spreads[row] = deviationOf(deviations);
    }
    return { logits, contributions, pairContributions, spreads };
  }

  private cellOf(place: number, binOf: (feature: number) => number): number {
    const { a, b } = this.pairs[place] as (typeof this.pairs)[number];
    const [first, second] = this.model.pairs[place]?.features as readonly [number, number];
    return (a[binOf(first)] as number) + (b[binOf(second)] as number);
  }

  private addTo(deviations: Float64Array, spreads: Float32Array, cell: number): void {
    const from = cell * this.bagCount;
    for (let bag = 0; bag < this.bagCount; bag++)
      deviations[bag] = (deviations[bag] as number) + (spreads[from + bag] as number);
  }
}

function deviationOf(values: Float64Array): number {
  if (values.length < 2) return 0;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** Of a normal distribution: 90 % lie within. */
const NORMAL_90 = 1.645;
/** Bags agree more than fits on new data would; by coverage on simulated companies. */
const BAG_WIDENING = 1.4;

/** Half the width of the 90 % interval of a logit. */
export function halfWidth(spread: number): number {
  return NORMAL_90 * BAG_WIDENING * spread;
}
