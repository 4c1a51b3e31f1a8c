import { blankRecord } from '../../platform/blank-record.js';
import type { RawFeatures } from './account-features.js';

type Standing = Omit<RawFeatures, 'values'>;
type Values = RawFeatures['values'];

/** Accounts per typed array: one array per account would cost more than its numbers. */
const BLOCK = 1_024;

interface Held {
  readonly standing: Standing;
  readonly place: number;
}

/** Listed one by one: runs do this for every account, and a rest or a spread is several times as slow. */
function standingOf({ accountId, status, tier, stage, renewsAt, withoutRate, products }: Standing): Standing {
  return { accountId, status, tier, stage, renewsAt, withoutRate, products };
}

/** Holds the raw features of many accounts at a tenth of the size of the objects. */
export class HeldFeatures {
  private keys: (keyof Values)[] = [];
  private blank: () => Values = blankRecord<keyof Values>([]);
  private readonly held = new Map<number, Held>();
  private readonly blocks: Float64Array[] = [];

  get size(): number {
    return this.held.size;
  }

  add(raw: RawFeatures): void {
    const { values } = raw;
    const place = this.size;
    if (place === 0) {
      this.keys = Object.keys(values) as (keyof Values)[];
      this.blank = blankRecord(this.keys);
    }
    if (place % BLOCK === 0) this.blocks.push(new Float64Array(BLOCK * this.keys.length));
    const numbers = this.numbersAt(place);
    this.keys.forEach((key, column) => (numbers[column] = values[key] ?? NaN));
    this.held.set(raw.accountId, { standing: standingOf(raw), place });
  }

  get(accountId: number): RawFeatures | undefined {
    const held = this.held.get(accountId);
    if (!held) return undefined;
    const numbers = this.numbersAt(held.place);
    const values = this.blank();
    this.keys.forEach((key, column) => {
      const value = numbers[column] ?? NaN;
      values[key] = Number.isNaN(value) ? null : value;
    });
    const { status, tier, stage, renewsAt, withoutRate, products } = held.standing;
    return { accountId, status, tier, stage, renewsAt, withoutRate, products, values };
  }

  private numbersAt(place: number): Float64Array {
    const width = this.keys.length;
    return (this.blocks[Math.floor(place / BLOCK)] ?? new Float64Array()).subarray(
      (place % BLOCK) * width,
      ((place % BLOCK) + 1) * width,
    );
  }
}
