import type { Request } from 'express';

/** The pattern of the route, for logs and metrics: paths hold ids, and an id may be an address. */
export function routeOf(request: Request): string {
  const route: unknown = request.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : null;
  return typeof path === 'string' ? path : 'unmatched';
}
