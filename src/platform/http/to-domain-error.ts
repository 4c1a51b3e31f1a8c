import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { DomainError } from '../errors.js';
import { databaseProblem } from './database-problem.js';

const CODES: Record<number, string> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
};

/** Null for unexpected errors, which become 500. */
export function toDomainError(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  const trouble = databaseProblem(error);
  if (trouble) return trouble;
  const status = statusOf(error);
  if (status === null || status < 400 || status > 499) return null;
  // Messages of libraries quote the input, so they are not passed on.
  const detail =
    status === 404 ? 'There is no such route' : (STATUS_CODES[status] ?? 'The request cannot be served');
  return new DomainError(CODES[status] ?? 'bad_request', status, detail);
}

/** Status of errors from Nest and its libraries (http-errors). */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}
