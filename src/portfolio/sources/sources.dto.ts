export class SourceDto {
  /**
   * Kind of record, by its name in the API; events are `usage`.
   * @example 'tickets'
   */
  kind: string;
  /**
   * The UTC day on which it last sent data; null if never.
   * @example '2024-12-31'
   */
  lastAt: string | null;
  /**
   * Median number of days between days with data, over the last 90 days; null if there are too few.
   * @example 1
   */
  usualGapDays: number | null;
  /** Whether it has sent nothing for unusually long. Its measures are unknown until it sends data again. */
  silent: boolean;
  /** When it was first found silent; null if it is not silent. */
  silentSince: Date | null;
  /** When it was last checked. */
  lookedAt: Date;
}

export class SourceList {
  items: SourceDto[];
  /** Always null: there is only one page. */
  nextCursor: string | null;
}
