import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Request } from 'express';

export const SCOPES = ['ingest', 'read', 'write', 'admin'] as const;
export type ScopeName = (typeof SCOPES)[number];

/** Who sent a request: the key, never a person. */
export interface CallerIdentity {
  keyId: string;
  name: string;
  scopes: ScopeName[];
}

export type CallerRequest = Request & { caller?: CallerIdentity };

export const SCOPE_KEY = 'steward:scope';
export const PUBLIC_KEY = 'steward:public';

/** The one scope that a route needs. A route with neither this nor `@Public()` is closed. */
export const Scope = (scope: ScopeName) =>
  applyDecorators(SetMetadata(SCOPE_KEY, scope), ApiExtension('x-required-scope', scope));

/** For routes outside `/v1`: below it a key is asked for before the route is known. */
export const Public = () => SetMetadata(PUBLIC_KEY, true);

export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): CallerIdentity => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw new Error('@Caller() on a public route');
  return caller;
});

export function isScope(text: string): text is ScopeName {
  return SCOPES.some((scope) => scope === text);
}
