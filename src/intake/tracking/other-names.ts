import { RequestMethod } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** What clients call some routes: Segment's in browsers by their first letter, PostHog's by its earlier names. */
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

/** Leads such a name to the route that it stands for. */
export function expandOtherName(request: Request, _response: Response, next: NextFunction): void {
  const [path = '', ...query] = request.url.split('?');
  const known = OTHER_NAMES[path.replace(/\/$/, '')];
  if (known !== undefined) request.url = [known, ...query].join('?');
  next();
}
