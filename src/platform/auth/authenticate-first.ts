import type { NextFunction, Request, Response } from 'express';
import type { Authenticator } from './authenticator.js';
import type { CallerRequest } from './scopes.js';

/** Below `/v1` the key is looked at before the body is read: a stranger must not make us inflate and parse 10 MB. */
export function authenticateFirst(authenticator: Authenticator) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (!request.path.startsWith('/v1/')) {
      next();
      return;
    }
    authenticator.authenticate(request.headers.authorization).then((caller) => {
      (request as CallerRequest).caller = caller;
      next();
    }, next);
  };
}
