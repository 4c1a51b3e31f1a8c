import { STATUS_CODES } from 'node:http';
import { DomainError, type ProblemItem } from '../errors.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457, with `code` as the part of `type` that programs compare. */
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
    ...(options.errors && { errors: options.errors }),
    ...options.extra,
  };
}
