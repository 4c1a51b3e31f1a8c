import type { CalibrationShift } from '../calibration.js';
import type { BacktestReport } from './backtest-report.js';
import type { LeftOut } from './columns-of.js';
import type { Leak } from './leaks.js';
import type { Strength } from './strongest.js';
import type { Decision } from './takeover.js';

/** The results of a training, as plain JSON. Probabilities are from 0 to 1, log-losses in nats, money in minor units of the reporting currency. */
export interface TrainingReport {
  readonly data: {
    /** Number of days in the history, and its first and last day. */
    readonly days: number;
    readonly from: string | null;
    readonly until: string | null;
    /** Rows with a known outcome. */
    readonly rows: number;
    readonly accounts: number;
    /** Accounts that had the outcome. */
    readonly happened: number;
    /** Currency of all money in the history. */
    readonly currency: string | null;
    readonly featuresUsed: readonly string[];
    readonly featuresLeftOut: readonly LeftOut[];
  };
  readonly leaks: readonly Leak[];
  /** The judgment, adjusted to the history: logit = base + scale · x. */
  readonly prior: {
    readonly scale: number;
    /** Probability of an account that is average by the judgment. */
    readonly baseProbability: number;
    readonly windows: number;
  };
  /** Null if no window could be tested; the decision gives the reason. */
  readonly backtest: BacktestReport | null;
  readonly decision: Decision;
  /** Null under the prior. */
  readonly calibration: CalibrationShift | null;
  /** Features and pairs by strength on the newest day, strongest first; empty under the prior. */
  readonly strongest: readonly Strength[];
}
