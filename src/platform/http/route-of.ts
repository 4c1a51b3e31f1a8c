import type { Request } from 'express';

/** The route's pattern, for logs and metrics: paths contain ids, and an id may be an email address. */
export function routeOf(request: Request): string {
  const route: unknown = request.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : null;
  return typeof path === 'string' ? path : 'unmatched';
}
