import type { AccountFeatures } from '../features/account-features.js';
import type { Feature } from '../model/catalogue/feature.js';
import type { Outcome } from '../model/history/outcomes.js';

/** Data of an account on a day other than its features. */
export interface RowFigures {
  readonly health: number;
  readonly signals: number;
  readonly outcome: Outcome;
}

/** The accounts of one day by column. Objects would take ten times the memory. */
export class DayRows {
  readonly account: Int32Array;
  readonly mrr: Float64Array;
  readonly health: Float64Array;
  readonly signals: Float64Array;
  readonly columns: Float32Array[];
  readonly tier: string[] = [];
  readonly stage: string[] = [];
  readonly churn: [Int8Array, Int8Array, Int8Array, Int8Array];
  readonly contraction: Int8Array;
  readonly expansion: Int8Array;
  readonly goneDay: Int32Array;

  constructor(
    readonly size: number,
    private readonly keys: readonly Feature['key'][],
  ) {
    this.account = new Int32Array(size);
    this.mrr = new Float64Array(size);
    this.health = new Float64Array(size);
    this.signals = new Float64Array(size);
    this.columns = keys.map(() => new Float32Array(size));
    this.churn = [new Int8Array(size), new Int8Array(size), new Int8Array(size), new Int8Array(size)];
    this.contraction = new Int8Array(size);
    this.expansion = new Int8Array(size);
    this.goneDay = new Int32Array(size);
  }

  set(row: number, { accountId, tier, stage, features }: AccountFeatures, figures: RowFigures): void {
    const { health, signals, outcome } = figures;
    const values: Readonly<Record<string, number | null>> = features;
    this.account[row] = accountId;
    this.mrr[row] = features.mrr ?? NaN;
    this.health[row] = health;
    this.signals[row] = signals;
    this.keys.forEach((key, index) => ((this.columns[index] ?? [])[row] = values[key] ?? NaN));
    this.tier[row] = tier;
    this.stage[row] = stage;
    this.churn.forEach((quarter, index) => (quarter[row] = outcome.churn[index] ?? 0));
    this.contraction[row] = outcome.contraction;
    this.expansion[row] = outcome.expansion;
    this.goneDay[row] = outcome.goneDay;
  }
}
