/** A rejected line of an import. */
export class ImportError {
  /** Line number (CSV, NDJSON; a CSV header is line 1) or position in the array (JSON), from 1. */
  line: number;
  /** The record's own id, if it could be read. */
  id: string | null;
  /**
   * Stable error code.
   * @example 'missing'
   */
  code: string;
  /** The reason as text. */
  detail: string;
  /**
   * JSON pointer (RFC 6901) into the record.
   * @example '/startedAt'
   */
  pointer: string | null;
}

/** Where and why the input ended early. */
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
  /** Null while the import runs. It stays null if the service was stopped in between: send the file again. */
  finishedAt: Date | null;
  received: number;
  /** For events: accepted. */
  created: number;
  updated: number;
  /** For events: duplicates. */
  unchanged: number;
  /** Held back until their account is known. */
  quarantined: number;
  rejected: number;
  /** Whether the input was read to its end. */
  complete: boolean;
  /** The last committed line. */
  lastLine: number;
  brokeOff: BrokeOff | null;
}

export class ImportAnswer extends ImportDto {
  /** The first 1,000; get all from `/v1/imports/{id}/errors`. */
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
