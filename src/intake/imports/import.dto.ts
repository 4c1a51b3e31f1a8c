/** One line of an import that was refused. */
export class ImportError {
  /** The physical line (CSV, NDJSON; a CSV header is line 1) or the place in the list (JSON), from 1. */
  line: number;
  /** The record's own id, where it could be read. */
  id: string | null;
  /**
   * Stable code of the reason.
   * @example 'missing'
   */
  code: string;
  /** The reason in words. */
  detail: string;
  /**
   * JSON pointer (RFC 6901) into the record.
   * @example '/startedAt'
   */
  pointer: string | null;
}

/** Where and why the input ended too early. */
export class BrokeOff {
  line: number;
  /** @example 'truncated_encoding' */
  code: string;
  detail: string;
}

/** created + updated + unchanged + quarantined + rejected = received, at any time. */
export class ImportDto {
  /** @example '17' */
  id: string;
  /** @example 'subscriptions' */
  kind: string;
  startedAt: Date;
  /** Null while it runs, and for good when the service was stopped in the middle: send the file again. */
  finishedAt: Date | null;
  received: number;
  /** For events: accepted. */
  created: number;
  updated: number;
  /** For events: duplicates. */
  unchanged: number;
  /** Kept until their account is known. */
  quarantined: number;
  rejected: number;
  /** The input was read to its end. */
  complete: boolean;
  /** The last line that is committed. */
  lastLine: number;
  brokeOff: BrokeOff | null;
}

export class ImportAnswer extends ImportDto {
  /** The first 1,000; the rest is at `/v1/imports/{id}/errors`. */
  errors: ImportError[];
}

export class ImportErrorPage {
  items: ImportError[];
  /** Null on the last page. */
  nextCursor: string | null;
}

export class ImportPage {
  items: ImportDto[];
  /** Null on the last page. */
  nextCursor: string | null;
}
