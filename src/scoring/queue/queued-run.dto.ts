export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed';

export class ScoreRunDto {
  /** @example '12' */
  id: string;
  /**
   * The day it is at.
   * @example '2024-12-31'
   */
  asOf: string;
  /** @example 'succeeded' */
  status: RunStatus;
  /** Accounts looked at so far, over all days. */
  done: number;
  /** Null until it has begun. */
  total: number | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Why it failed. */
  error: string | null;
}
