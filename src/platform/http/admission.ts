import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../errors.js';

/** What requests under way may weigh together; parsed JSON takes some times its length. */
const LIMIT_BYTES = 64 * 1024 * 1024;
const LIMIT_REQUESTS = 200;
/** Assumed where the length is not told, and times the length where the body is packed. */
const UNKNOWN_BYTES = 1024 * 1024;
const UNPACKED = 10;

/**
 * Refuses bodies beyond what the process can hold with 429 before they are read, so that overload costs senders a retry
 * and never memory. A single request is always let in.
 */
export function admission(limitBytes = LIMIT_BYTES, limitRequests = LIMIT_REQUESTS) {
  let bytes = 0;
  let requests = 0;

  return (request: Request, response: Response, next: NextFunction): void => {
    const weight = weigh(request);
    if (weight === 0) {
      next();
      return;
    }
    if (requests > 0 && (bytes + weight > limitBytes || requests >= limitRequests)) {
      response.set('connection', 'close');
      next(
        new DomainError('overloaded', 429, 'Too much is being taken in at once', {
          headers: { 'Retry-After': '1' },
        }),
      );
      return;
    }
    bytes += weight;
    requests++;
    response.once('close', () => {
      bytes -= weight;
      requests--;
    });
    next();
  };
}

/** 0 for a request without a body and for an import, which is streamed and so bounded by itself. */
function weigh({ headers, path }: Request): number {
  if (/^\/v1\/imports(\/|$)/.test(path)) return 0;
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] === undefined ? 0 : UNKNOWN_BYTES;
  return Number(length) * (headers['content-encoding'] === undefined ? 1 : UNPACKED);
}
