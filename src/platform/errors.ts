export interface ProblemItem {
  code: string;
  detail: string;
  /** JSON pointer (RFC 6901) into what was sent. */
  pointer?: string;
}

export interface DomainErrorOptions {
  /** JSON pointer (RFC 6901) into what was sent. */
  pointer?: string;
  errors?: ProblemItem[];
  /** Further members of the problem document. */
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** Said to the caller word for word: neither `detail` nor `extra` may hold a key, an address or SQL. `code` is snake_case and stable. */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly options: DomainErrorOptions = {},
  ) {
    super(detail);
    this.name = 'DomainError';
  }
}
