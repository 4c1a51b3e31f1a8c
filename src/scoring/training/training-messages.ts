import type { Settings } from '../../platform/settings.js';
import type { FittedChurn, ModelKey, Propensity } from '../model/training/trained.js';
import type { PriorModel } from '../model/prior-risk.js';
import type { TrainingReport } from '../model/training/report.js';
import type { TrainingProgress } from './trainings.repository.js';

/** What a training thread is given when it begins. */
export interface ThreadData {
  /** Without secrets. */
  readonly settings: Settings;
  readonly databaseUrl: string;
  /** Threads that fit, beside the one that reads. */
  readonly threads: number;
}

/** What came of a training. */
export interface Trained {
  /** The UTC day whose facts it was made from. */
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
      /** Whether the database could not be reached, so that it may go better later. */
      readonly unavailable: boolean;
    };
