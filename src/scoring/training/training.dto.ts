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
