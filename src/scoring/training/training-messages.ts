import type { Settings } from '../../platform/settings.js';
import type { FittedChurn, ModelKey, Propensity } from '../model/training/trained.js';
import type { PriorModel } from '../model/prior-risk.js';
import type { TrainingReport } from '../model/training/report.js';
import type { TrainingProgress } from './trainings.repository.js';

/** Input of a training thread. */
export interface ThreadData {
  /** Without secrets. */
  readonly settings: Settings;
  readonly databaseUrl: string;
  /** Fitting threads, in addition to the one that reads. */
  readonly threads: number;
}

/** Result of a training. */
export interface Trained {
  /** The UTC day of the facts it is based on. */
  readonly asOf: string;
  readonly definition: FittedChurn | PriorModel | Propensity;
  readonly report: TrainingReport;
}

/** One training at a time. */
export interface TrainRequest {
  readonly key: ModelKey;
}

export type ThreadMessage =
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'trained'; readonly trained: Trained }
  | {
      readonly kind: 'failed';
      readonly error: Error;
      /** Whether the database was unreachable, so that a retry may succeed. */
      readonly unavailable: boolean;
    };
