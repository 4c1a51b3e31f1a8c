import type { CalibrationShift } from '../calibration.js';
import type { BacktestReport } from './backtest-report.js';
import type { LeftOut } from './columns-of.js';
import type { Leak } from './leaks.js';
import type { Strength } from './strongest.js';
import type { Decision } from './takeover.js';

/** What a training found: plain JSON. Probabilities are from 0 to 1, log-losses in nats, money in minor units of the reporting currency. */
export interface TrainingReport {
  readonly data: {
    /** Days of the history, the first and the last of them. */
    readonly days: number;
    readonly from: string | null;
    readonly until: string | null;
    /** Rows whose outcome is known. */
    readonly rows: number;
    readonly accounts: number;
    /** Accounts to which it has happened. */
    readonly happened: number;
    /** That money was read in. */
    readonly currency: string | null;
    readonly featuresUsed: readonly string[];
    readonly featuresLeftOut: readonly LeftOut[];
  };
  readonly leaks: readonly Leak[];
  /** The judgement with what the history says of it: logit = base + scale · x. */
  readonly prior: {
    readonly scale: number;
    /** Of who is average by the judgement. */
    readonly baseProbability: number;
    readonly windows: number;
  };
  /** Null: no window could be tested; the decision says why. */
  readonly backtest: BacktestReport | null;
  readonly decision: Decision;
  /** Null under the prior. */
  readonly calibration: CalibrationShift | null;
  /** Over the newest day, the strongest first; of the prior none. */
  readonly strongest: readonly Strength[];
}
