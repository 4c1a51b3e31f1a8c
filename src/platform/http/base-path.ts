import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../errors.js';

/** Called by orchestrators, which do not go through the proxy. */
const PROBES = new Set(['/livez', '/readyz', '/metrics']);

/**
 * Serves everything under BASE_PATH. The prefix is removed before routing, so the rest of the service does not see it.
 * Health checks and metrics also answer without it.
 */
export function underBasePath(basePath: string) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const { url } = request;
    const [path = ''] = url.split('?', 1);
    if (path === basePath || path.startsWith(`${basePath}/`)) {
      const rest = url.slice(basePath.length);
      request.url = rest.startsWith('/') ? rest : `/${rest}`;
      next();
    } else if (PROBES.has(path)) next();
    else next(new DomainError('not_found', 404, `All routes are under ${basePath}`));
  };
}
