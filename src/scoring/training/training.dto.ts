import type { ModelKey } from '../model/training/trained.js';
import type { TrainingStatus } from './trainings.repository.js';

export class TrainingDto {
  /** @example '12' */
  id: string;
  /** @example 'churn' */
  key: ModelKey;
  /** @example 'running' */
  status: TrainingStatus;
  /**
   * What it is at: `history` (reading), `leaks`, `backtest`, `fit`, `quarters`; null until it has begun
   * @example 'backtest'
   */
  step: string | null;
  /** Of the step. */
  done: number;
  /** Of the step; null: not known yet. */
  total: number | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Why it failed. */
  error: string | null;
  /** The version it led to, whether or not that was taken over: `/v1/models/{key}/{version}`. */
  version: number | null;
  /**
   * What was decided about it, as the version's `report` says; null until then.
   * @example 'stays on the scorecard: only 12 accounts have left in what was known then; 20 are needed'
   */
  decision: string | null;
}

export class TrainingPage {
  items: TrainingDto[];
  /** Null at the end */
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
