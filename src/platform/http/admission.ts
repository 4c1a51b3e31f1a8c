import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../errors.js';
import { hasBody } from './has-body.js';

/** What requests under way may weigh together; parsed JSON takes some times its length. */
const LIMIT_BYTES = 128 * 1024 * 1024;
const LIMIT_REQUESTS = 200;
const IMPORTS_PATH = /^\/v1\/imports(\/|$)/;
/** Each holds a chunk of some megabytes for as long as its sender takes. */
const LIMIT_IMPORTS = 4;
/** Assumed where the length is not told. */
const UNKNOWN_BYTES = 1024 * 1024;
/** Of a packed body, whose length says nothing: what any body may have unpacked. */
const PACKED_BYTES = 10 * 1024 * 1024;

/**
 * Refuses bodies beyond what the process can hold with 429 before they are read, so that overload costs senders a retry
 * and never memory. A single request is always let in. Imports are streamed, so they are counted and not weighed.
 */
export function admission(
  limitBytes = LIMIT_BYTES,
  limitRequests = LIMIT_REQUESTS,
  limitImports = LIMIT_IMPORTS,
) {
  const bodies = { bytes: 0, requests: 0 };
  const imports = { bytes: 0, requests: 0 };

  return (request: Request, response: Response, next: NextFunction): void => {
    if (!hasBody(request)) {
      next();
      return;
    }
    const isImport = IMPORTS_PATH.test(request.path);
    const held = isImport ? imports : bodies;
    const weight = isImport ? 0 : weigh(request);
    const limit = isImport ? limitImports : limitRequests;
    if (held.requests > 0 && (held.bytes + weight > limitBytes || held.requests >= limit)) {
      next(
        new DomainError('overloaded', 429, 'Too much is being taken in at once', {
          headers: { 'Retry-After': isImport ? '5' : '1' },
        }),
      );
      return;
    }
    held.bytes += weight;
    held.requests++;
    response.once('close', () => {
      held.bytes -= weight;
      held.requests--;
    });
    next();
  };
}

function weigh({ headers }: Request): number {
  if (headers['content-encoding'] !== undefined) return PACKED_BYTES;
  return headers['content-length'] === undefined ? UNKNOWN_BYTES : Number(headers['content-length']);
}
