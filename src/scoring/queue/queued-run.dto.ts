export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed';

export class ScoreRunDto {
  /** @example '12' */
  id: string;
  /**
   * The day being scored.
   * @example '2024-12-31'
   */
  asOf: string;
  /** @example 'succeeded' */
  status: RunStatus;
  /** Accounts processed so far, over all days. */
  done: number;
  /** Null until the run has started. */
  total: number | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Why it failed. */
  error: string | null;
}
