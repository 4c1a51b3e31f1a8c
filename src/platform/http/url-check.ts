import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../errors.js';

/** Rejects a path that cannot be decoded, and NUL anywhere in the URL, which PostgreSQL cannot store. */
export function urlCheck(request: Request, _response: Response, next: NextFunction): void {
  if (!isDecodable(request.path))
    next(new DomainError('malformed_url', 400, 'The path is not valid percent-encoding'));
  else if (request.url.includes('%00')) next(new DomainError('invalid_text', 400, 'The URL contains NUL'));
  else next();
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
