import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { Request } from 'express';
import { DomainError } from '../errors.js';

/** Of a definition: its version. */
export const entityTag = (version: number): string => `"${version}"`;

/** The header as it was sent. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return context.switchToHttp().getRequest<Request>().headers['if-match'];
});

/** For the documentation of a handler with `@IfMatch()`. */
export const ChangesWhatWasRead = () =>
  applyDecorators(
    ApiHeader({
      name: 'If-Match',
      description:
        'The ETag of what is changed; needed as soon as there is something. `*` stands for whatever is there',
      required: false,
      schema: { type: 'string' },
    }),
    ApiResponse({ status: 412, description: 'It was changed since it was read (`precondition_failed`)' }),
    ApiResponse({
      status: 428,
      description: 'It is there already: `If-Match` is needed (`precondition_required`)',
    }),
  );

/**
 * So that nobody overwrites what he has not seen. `version`: of what is there now, null when nothing is. Throws 412 and 428.
 * A proxy that packs answers makes tags weak, so a weak one counts too.
 */
export function expectMatch(ifMatch: string | undefined, version: number | null): void {
  if (ifMatch === undefined) {
    if (version === null) return;
    throw new DomainError(
      'precondition_required',
      428,
      'Say with If-Match which version this is to replace',
      {
        extra: { etag: entityTag(version) },
      },
    );
  }
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const matches = version !== null && (tags.includes('*') || tags.includes(entityTag(version)));
  if (matches) return;
  throw new DomainError('precondition_failed', 412, 'This was changed since it was read: read it again', {
    ...(version !== null && { extra: { etag: entityTag(version) } }),
  });
}
