import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { Request } from 'express';
import { DomainError } from '../errors.js';

/** The ETag of a definition: its version. */
export const entityTag = (version: number): string => `"${version}"`;

/** The raw `If-Match` header. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return context.switchToHttp().getRequest<Request>().headers['if-match'];
});

/** Documents a handler with `@IfMatch()`. */
export const ApiIfMatch = () =>
  applyDecorators(
    ApiHeader({
      name: 'If-Match',
      description: 'The ETag of the version to replace; required once it exists. `*` matches any version',
      required: false,
      schema: { type: 'string', maxLength: 1_000 },
    }),
    ApiResponse({ status: 412, description: 'It has changed since you read it (`precondition_failed`)' }),
    ApiResponse({
      status: 428,
      description: 'It already exists: `If-Match` is required (`precondition_required`)',
    }),
  );

/**
 * Prevents lost updates. `version`: the current version, null if it does not exist. Throws 412 and 428. Weak tags are
 * accepted because compressing proxies make tags weak.
 */
export function expectMatch(ifMatch: string | undefined, version: number | null): void {
  if (ifMatch === undefined) {
    if (version === null) return;
    throw new DomainError(
      'precondition_required',
      428,
      'Send the ETag of the version to replace as If-Match',
      {
        extra: { etag: entityTag(version) },
      },
    );
  }
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const matches = version !== null && (tags.includes('*') || tags.includes(entityTag(version)));
  if (matches) return;
  throw new DomainError(
    'precondition_failed',
    412,
    'Changed since you read it: read it again and resend the change',
    {
      ...(version !== null && { extra: { etag: entityTag(version) } }),
    },
  );
}
