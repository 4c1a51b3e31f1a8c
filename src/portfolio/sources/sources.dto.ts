export class SourceDto {
  /**
   * A kind of fact, by the name under which it is sent; events are `usage`.
   * @example 'tickets'
   */
  kind: string;
  /**
   * The UTC day on which the newest fact came in; null: none ever did.
   * @example '2024-12-31'
   */
  lastAt: string | null;
  /**
   * Median days from one day with facts to the next, over the last 90 days; null: too few to tell.
   * @example 1
   */
  usualGapDays: number | null;
  /** For longer without facts than its pace explains: what is measured from it is unknown until it is back. */
  silent: boolean;
  /** When it was found silent; null: it is not. */
  silentSince: Date | null;
  /** When it was last looked at. */
  lookedAt: Date;
}

export class SourceList {
  items: SourceDto[];
  /** Null: they have one page. */
  nextCursor: string | null;
}
