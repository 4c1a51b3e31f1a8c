import type { ModelKey } from '../model/training/trained.js';

export type TrainingStatus = 'queued' | 'running' | 'succeeded' | 'failed';

export class TrainingDto {
  /** @example '12' */
  id: string;
  /** @example 'churn' */
  key: ModelKey;
  /** @example 'running' */
  status: TrainingStatus;
  /**
   * Current step: `history` (reading), `leaks`, `backtest`, `fit` or `quarters`; null before it starts
   * @example 'backtest'
   */
  step: string | null;
  /** Finished parts of the step. */
  done: number;
  /** Parts of the step; null if not known yet. */
  total: number | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Why it failed. */
  error: string | null;
  /** The version it created, whether or not it is used: `/v1/models/{key}/{version}`. */
  version: number | null;
  /**
   * The decision about it, as in the version's `report`; null until it has finished.
   * @example 'stays on the scorecard: only 12 accounts had churned by then; 20 are needed'
   */
  decision: string | null;
}

export class TrainingPage {
  items: TrainingDto[];
  /** Null on the last page */
  nextCursor: string | null;
}

export class TrainingRequestedDto {
  /** @example '12' */
  id: string;
  /** @example 'churn' */
  key: ModelKey;
  /** @example 'queued' */
  status: TrainingStatus;
}
