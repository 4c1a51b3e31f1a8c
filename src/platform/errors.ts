export interface ProblemItem {
  code: string;
  detail: string;
  /** JSON pointer (RFC 6901) into the request. */
  pointer?: string;
}

export interface DomainErrorOptions {
  /** JSON pointer (RFC 6901) into the request. */
  pointer?: string;
  errors?: ProblemItem[];
  /** Additional members of the problem document. */
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** Sent to the client verbatim, so `detail` and `extra` must not contain keys, email addresses or SQL. `code` is snake_case and stable. */
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
