import { binColumn, numericBin } from './binning.js';
import { coarseCount } from './coarse.js';
import { type EbmFeature, MISSING, type RawColumn } from './columns.js';
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

/** A number or a category; null, undefined or NaN: unknown. */
export type RowValue = number | string | null | undefined;

interface EbmPairScorer {
  /** Indexes of its features. */
  readonly first: number;
  readonly second: number;
  /** The cell of the table is the sum of one by bin of the first feature and one by bin of the second. */
  readonly a: Uint16Array;
  readonly b: Uint8Array;
  readonly table: Float64Array;
}

/** Scores rows with a fitted model. Create it once and reuse it. */
export class EbmScorer {
  private readonly mains: readonly Float64Array[];
  private readonly pairs: readonly EbmPairScorer[];
  /** Deviation of each bag by feature and bin; the bags of a bin are adjacent. */
  private readonly mainSpreads: readonly Float32Array[];
  private readonly pairSpreads: readonly Float32Array[];
  private readonly bagCount: number;
  /** The bin of each category, by feature; null for numbers. */
  private readonly categories: readonly (ReadonlyMap<string, number> | null)[];
  private readonly deviations: Float64Array;
  private readonly intercepts: Float64Array;
  /** Feature names, in order. */
  readonly names: readonly string[];

  constructor(private readonly model: EbmModel) {
    this.bagCount = model.bags.length;
    this.deviations = new Float64Array(this.bagCount);
    this.intercepts = Float64Array.from(model.bags, ({ intercept }) => intercept / SPREAD_SCALE);
    this.names = model.features.map(({ name }) => name);
    this.categories = model.features.map((feature) =>
      feature.kind === 'category'
        ? new Map(feature.categories.map((value, index) => [value, index + 1]))
        : null,
    );
    this.mains = model.mains.map((table) => Float64Array.from(table));
    this.pairs = model.pairs.map(({ features: [first, second], table }) => {
      const [coarseA = [], coarseB = []] = [model.coarse[first], model.coarse[second]];
      const width = coarseCount(coarseB);
      return {
        first,
        second,
        a: Uint16Array.from(coarseA, (bin) => bin * width),
        b: Uint8Array.from(coarseB),
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
    this.mainSpreads = model.features.map((_, index) =>
      sideBySide(model.bags.map(({ mains }) => mains[index] ?? [])),
    );
    this.pairSpreads = model.pairs.map((_, index) =>
      sideBySide(model.bags.map(({ pairs }) => pairs[index] ?? [])),
    );
  }

  /**
   * @param columns of the model's features, in their order
   * @throws RangeError if a column is missing or is not that of the feature
   */
  score(columns: readonly RawColumn[], offsets?: ArrayLike<number>): EbmScores {
    return this.scoreBinned(this.binned(columns), columns[0]?.values.length ?? offsets?.length ?? 0, offsets);
  }

  /** The same logits as `score`, without the contributions, which would not fit into memory for a long history. */
  scoreLogits(columns: readonly RawColumn[], offsets?: ArrayLike<number>): Float64Array {
    const bins = this.binned(columns);
    const rows = columns[0]?.values.length ?? offsets?.length ?? 0;
    const logits = Float64Array.from(
      { length: rows },
      (_, row) => this.model.intercept + (offsets?.[row] ?? 0),
    );
    this.mains.forEach((table, index) => {
      const column = bins[index] as Uint8Array;
      for (let row = 0; row < rows; row++)
        logits[row] = (logits[row] as number) + (table[column[row] as number] as number);
    });
    for (const { first, second, a, b, table } of this.pairs) {
      const [one, other] = [bins[first], bins[second]] as [Uint8Array, Uint8Array];
      for (let row = 0; row < rows; row++) {
        const cell = (a[one[row] as number] as number) + (b[other[row] as number] as number);
        logits[row] = (logits[row] as number) + (table[cell] as number);
      }
    }
    return logits;
  }

  private binned(columns: readonly RawColumn[]): Uint8Array[] {
    return this.model.features.map((feature, index) => {
      const column = columns[index];
      if (column?.name !== feature.name) throw new RangeError(`Column ${index + 1} must be ${feature.name}`);
      return binColumn(feature, column);
    });
  }

  /** The bins of one row, its values in the order of the features. Runs call this and the next two methods for every account, so they use plain loops and arrays, which are cheaper to create than typed ones. */
  binsOf(values: readonly RowValue[]): number[] {
    const { features } = this.model;
    const bins: number[] = [];
    for (let index = 0; index < features.length; index++) {
      const feature = features[index] as EbmFeature;
      const value = values[index];
      if (value === null || value === undefined) bins.push(MISSING);
      else if (feature.kind === 'numeric') bins.push(numericBin(feature.cuts, Number(value)));
      else bins.push(this.categories[index]?.get(String(value)) ?? feature.categories.length + 1);
    }
    return bins;
  }

  /** The logit of one row, without an offset. */
  logitOf(bins: readonly number[]): number {
    let logit = this.model.intercept;
    for (let index = 0; index < bins.length; index++)
      logit += (this.mains[index] as Float64Array)[bins[index] as number] as number;
    for (let index = 0; index < this.pairs.length; index++) {
      const { table } = this.pairs[index] as EbmPairScorer;
      logit += table[this.cellIn(index, bins)] as number;
    }
    return logit;
  }

  /** Standard deviation of the logit of one row over the bags. */
  spreadOf(bins: readonly number[]): number {
    const { deviations } = this;
    deviations.set(this.intercepts);
    for (let index = 0; index < bins.length; index++)
      this.addTo(deviations, this.mainSpreads[index] as Float32Array, bins[index] as number);
    for (let index = 0; index < this.pairs.length; index++)
      this.addTo(deviations, this.pairSpreads[index] as Float32Array, this.cellIn(index, bins));
    return deviationOf(deviations);
  }

  /** Contributions in logits, in the order of the features; a pair's is split evenly between its two. With the intercept they add up to the logit. */
  contributionsOf(bins: readonly number[]): number[] {
    const parts: number[] = [];
    for (let index = 0; index < bins.length; index++)
      parts.push((this.mains[index] as Float64Array)[bins[index] as number] as number);
    for (let index = 0; index < this.pairs.length; index++) {
      const { first, second, table } = this.pairs[index] as EbmPairScorer;
      const half = (table[this.cellIn(index, bins)] as number) / 2;
      parts[first] = (parts[first] as number) + half;
      parts[second] = (parts[second] as number) + half;
    }
    return parts;
  }

  /** Scores rows that are already binned. */
  scoreBinned(bins: readonly Uint8Array[], rows: number, offsets?: ArrayLike<number>): EbmScores {
    const { intercept, features } = this.model;
    const logits = new Float64Array(rows);
    const contributions = new Float64Array(rows * features.length);
    const pairContributions = new Float64Array(rows * this.pairs.length);
    const spreads = new Float64Array(rows);
    const deviations = new Float64Array(this.bagCount);
    for (let row = 0; row < rows; row++) {
      deviations.set(this.intercepts);
      let logit = intercept + (offsets?.[row] ?? 0);
      for (let index = 0; index < this.mains.length; index++) {
        const bin = bins[index]?.[row] as number;
        const part = this.mains[index]?.[bin] as number;
        contributions[row * this.mains.length + index] = part;
        logit += part;
        this.addTo(deviations, this.mainSpreads[index] as Float32Array, bin);
      }
      for (let index = 0; index < this.pairs.length; index++) {
        const { first, second, a, b, table } = this.pairs[index] as EbmPairScorer;
        const cell =
          (a[bins[first]?.[row] as number] as number) + (b[bins[second]?.[row] as number] as number);
        const part = table[cell] as number;
        pairContributions[row * this.pairs.length + index] = part;
        logit += part;
        this.addTo(deviations, this.pairSpreads[index] as Float32Array, cell);
      }
      logits[row] = logit;
      spreads[row] = deviationOf(deviations);
    }
    return { logits, contributions, pairContributions, spreads };
  }

  private cellIn(index: number, bins: readonly number[]): number {
    const { first, second, a, b } = this.pairs[index] as EbmPairScorer;
    return (a[bins[first] as number] as number) + (b[bins[second] as number] as number);
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

/** 90 % of a normal distribution lie within so many standard deviations. */
const NORMAL_90 = 1.645;
/** Bags agree more than fits to new data would. Chosen by coverage on simulated companies. */
const BAG_WIDENING = 2;

/** Half the width of the 90 % interval of a logit. */
export function halfWidth(spread: number): number {
  return NORMAL_90 * BAG_WIDENING * spread;
}
