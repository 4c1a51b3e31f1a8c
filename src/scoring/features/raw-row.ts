import type { RawFeatures, Stage, Status } from './account-features.js';
import { blankRecord } from '../../platform/blank-record.js';
import { type ConfiguredKey, type Configured, type Features } from './catalogue.js';
import { CATALOGUE } from '../model/catalogue/catalogue.js';
import { ProductLists } from './product-lists.js';
import { usageValues } from './usage-values.js';

/** A database row of one account: most features by key, others in parts. */
export interface RawRow {
  readonly account_id: number;
  readonly status: Status;
  readonly tier: string;
  readonly stage: Stage;
  readonly renews_at: string | null;
  readonly without_rate: string | null;
  /** JSON array with a name for each subscription, '' where none was sent. */
  readonly products: string | null;
  readonly uses: boolean;
  readonly firstUseDays: number | null;
  readonly lastUseDays: number | null;
  /** Hours joined by commas: cheaper to parse than the driver's arrays. */
  readonly firstResponses: string | null;
  readonly firstResponsesFromOpening: string | null;
  readonly resolutions: string | null;
  readonly gauges: (number | null)[] | null;
  readonly traits: (number | null)[] | null;
  /** Also `week0` to `week12` and `mask0` to `mask2`. */
  readonly [column: string]: unknown;
}

const WEEKS = Array.from({ length: 13 }, (_, index) => `week${index}`);
const MASKS = ['mask0', 'mask1', 'mask2'];
const KEYS = CATALOGUE.map(({ key }) => key);

/** Reads database rows into raw features. */
export class RawReader {
  private readonly lists = new ProductLists();
  private readonly gauges: readonly ConfiguredKey[];
  private readonly traits: readonly ConfiguredKey[];
  private readonly blank: () => Features;

  constructor({ featureGauges, featureTraits }: Configured) {
    this.gauges = featureGauges.map((name): ConfiguredKey => `gauge.${name}`);
    this.traits = featureTraits.map((name): ConfiguredKey => `trait.${name}`);
    this.blank = blankRecord([...KEYS, ...this.gauges, ...this.traits]);
  }

  read(row: RawRow): RawFeatures {
    const values = this.blank();
    for (const key of KEYS) values[key] = numberOf(row[key]);
    Object.assign(values, usageOf(row));
    const products = this.lists.of(row.products);
    values.productsHeld = products.length > 0 ? products.length : null;
    values.firstResponseHours90 = medianOf(numbersIn(row.firstResponses));
    values.firstResponseFromOpeningHours90 = medianOf(numbersIn(row.firstResponsesFromOpening));
    values.resolutionHours90 = medianOf(numbersIn(row.resolutions));
    this.gauges.forEach((key, index) => (values[key] = row.gauges?.[index] ?? null));
    this.traits.forEach((key, index) => (values[key] = row.traits?.[index] ?? null));
    return {
      accountId: row.account_id,
      status: row.status,
      tier: row.tier,
      stage: row.stage,
      renewsAt: row.renews_at,
      withoutRate: row.without_rate,
      products,
      values,
    };
  }
}

function usageOf(row: RawRow) {
  const { uses, firstUseDays, lastUseDays } = row;
  const weeks = WEEKS.map((week) => numberOf(row[week]) ?? 0);
  const masks = MASKS.map((mask) => numberOf(row[mask]) ?? 0);
  return usageValues({ uses, weeks, masks, firstUseDays, lastUseDays });
}

function numbersIn(text: string | null): number[] | null {
  return text === null ? null : text.split(',').map(Number);
}

export function medianOf(numbers: readonly number[] | null): number | null {
  if (numbers === null || numbers.length === 0) return null;
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** The driver returns 64-bit integers and numerics as strings. */
function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
