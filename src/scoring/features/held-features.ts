import { blankRecord } from '../../platform/blank-record.js';
import type { RawFeatures } from './account-features.js';

type Standing = Omit<RawFeatures, 'values'>;
type Values = RawFeatures['values'];

/** Accounts per typed array: one array per account would cost more than its numbers. */
const BLOCK = 1_024;

interface Held {
  readonly standing: Standing;
  readonly index: number;
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
    const index = this.size;
    if (index === 0) {
      this.keys = Object.keys(values) as (keyof Values)[];
      this.blank = blankRecord(this.keys);
    }
    if (index % BLOCK === 0) this.blocks.push(new Float64Array(BLOCK * this.keys.length));
    const numbers = this.numbersAt(index);
    this.keys.forEach((key, column) => (numbers[column] = values[key] ?? NaN));
    this.held.set(raw.accountId, { standing: standingOf(raw), index });
  }

  get(accountId: number): RawFeatures | undefined {
    const held = this.held.get(accountId);
    if (!held) return undefined;
    const numbers = this.numbersAt(held.index);
    const values = this.blank();
    this.keys.forEach((key, column) => {
      const value = numbers[column] ?? NaN;
      values[key] = Number.isNaN(value) ? null : value;
    });
    const { status, tier, stage, renewsAt, withoutRate, products } = held.standing;
    return { accountId, status, tier, stage, renewsAt, withoutRate, products, values };
  }

  private numbersAt(index: number): Float64Array {
    const width = this.keys.length;
    return (this.blocks[Math.floor(index / BLOCK)] ?? new Float64Array()).subarray(
      (index % BLOCK) * width,
      ((index % BLOCK) + 1) * width,
    );
  }
}
