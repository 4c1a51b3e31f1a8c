import { STATUS_CODES } from 'node:http';
import { DomainError, type ProblemItem } from '../errors.js';

/** More would not help anyone, and the response must not be larger than the request. */
const MAX_ERRORS = 100;

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457; `code` is the part of `type` that clients compare. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** The same as `detail`, for clients older than RFC 9457. */
  message: string;
  code: string;
  pointer?: string;
  errors?: ProblemItem[];
  [member: string]: unknown;
}

export function toProblem({ code, status, detail, options }: DomainError): Problem {
  return {
    type: `https://steward.dev/problems/${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    message: detail,
    code,
    ...(options.pointer !== undefined && { pointer: options.pointer }),
    ...(options.errors && { errors: options.errors.slice(0, MAX_ERRORS) }),
    ...(options.errors && options.errors.length > MAX_ERRORS && { errorsTotal: options.errors.length }),
    ...options.extra,
  };
}
