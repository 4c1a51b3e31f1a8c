import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Request } from 'express';

/**
 * Scopes do not imply each other, with two exceptions: `admin` allows everything, and `write` allows `act`, because keys created before
 * `act` existed did its work with `write`.
 */
export const SCOPES = ['ingest', 'read', 'act', 'write', 'admin'] as const;
export type ScopeName = (typeof SCOPES)[number];

/** The sender of a request: an API key or a signed-in person. */
export interface CallerIdentity {
  readonly kind: 'key' | 'person';
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ScopeName[];
}

/** Name of a caller in the audit log and in records. Key ids have no prefix, for compatibility with older entries. */
export function actorOf({ kind, id }: Pick<CallerIdentity, 'kind' | 'id'>): string {
  return kind === 'key' ? id : `${kind}:${id}`;
}

export function holdsScope({ scopes }: Pick<CallerIdentity, 'scopes'>, scope: ScopeName): boolean {
  return scopes.some((held) => held === scope || held === 'admin' || (held === 'write' && scope === 'act'));
}

export type CallerRequest = Request & { caller?: CallerIdentity };

export const SCOPE_KEY = 'steward:scope';
export const PUBLIC_KEY = 'steward:public';

/** The scope a route requires. A route with neither this nor `@Public()` is closed. */
export const Scope = (scope: ScopeName) =>
  applyDecorators(SetMetadata(SCOPE_KEY, scope), ApiExtension('x-required-scope', scope));

/** For routes that need no key. */
export const Public = () => SetMetadata(PUBLIC_KEY, true);

export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): CallerIdentity => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw new Error('@Caller() on a public route');
  return caller;
});

export function isScope(text: string): text is ScopeName {
  return SCOPES.some((scope) => scope === text);
}
