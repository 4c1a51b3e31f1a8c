import { RequestMethod } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** Other paths that clients use: Segment's browser client the first letter of the call, PostHog's clients earlier names. */
const OTHER_NAMES: Record<string, string> = {
  '/v1/b': '/v1/batch',
  '/v1/t': '/v1/track',
  '/v1/i': '/v1/identify',
  '/v1/g': '/v1/group',
  '/v1/p': '/v1/page',
  '/v1/s': '/v1/screen',
  '/v1/a': '/v1/alias',
  '/v1/posthog/e': '/v1/posthog/capture',
  '/v1/posthog/i/v0/e': '/v1/posthog/capture',
  '/v1/posthog/decide': '/v1/posthog/flags',
};

export const OTHER_ROUTES = Object.keys(OTHER_NAMES).flatMap((path) =>
  [RequestMethod.POST, RequestMethod.OPTIONS].map((method) => ({ path, method })),
);

/** Rewrites such a path to the documented one. */
export function expandOtherName(request: Request, _response: Response, next: NextFunction): void {
  const [path = '', ...query] = request.url.split('?');
  const known = OTHER_NAMES[path.replace(/\/$/, '')];
  if (known !== undefined) request.url = [known, ...query].join('?');
  next();
}
