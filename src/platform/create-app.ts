import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { authenticateFirst } from './auth/authenticate-first.js';
import { Authenticator } from './auth/authenticator.js';
import { Lifecycle } from './health/lifecycle.js';
import { admission } from './http/admission.js';
import { answerClientError } from './http/client-error.js';
import { closeUnread } from './http/close-unread.js';
import { jsonBody } from './http/json-body.js';
import { urlCheck } from './http/url-check.js';
import { accessLog } from './logging/access-log.js';
import { NestLog } from './logging/nest-log.js';
import { Metrics } from './metrics/metrics.js';
import { serveDocs } from './openapi/serve-docs.js';
import { type Platform, PlatformModule } from './platform.module.js';

const RECEIVE_TIMEOUT_MS = 5 * 60_000;
/** Above the 60 s after which load balancers drop an idle connection: the side that may still send must be the first to close. */
const KEEP_ALIVE_MS = 65_000;

/** Not yet listening. `features` is the root module; it finds the platform's providers everywhere. */
export async function createApp(
  features: new () => object,
  platform: Platform,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    { module: features, imports: [PlatformModule.with(platform)] },
    { bodyParser: false, abortOnError: false, logger: new NestLog(platform.logger) },
  );
  app.set('case sensitive routing', true).set('etag', false).disable('x-powered-by');
  app.use(accessLog(platform.logger, app.get(Metrics)));
  app.use(closeWhenDraining(app.get(Lifecycle)));
  app.use(closeUnread);
  // Whether this host is to be reached by TLS alone is for whoever ends the TLS to say.
  app.use(helmet({ hsts: false, contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(urlCheck);
  app.use(authenticateFirst(app.get(Authenticator)));
  app.use(admission());
  app.use(jsonBody(RECEIVE_TIMEOUT_MS));
  serveDocs(app);

  const server = app.getHttpServer();
  // A streamed import takes as long as its sender does not fall silent; the other bodies have their own limit.
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('clientError', answerClientError);
  return app;
}

/** Tells callers to come back on another connection, to another instance. */
function closeWhenDraining(lifecycle: Lifecycle) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => Response;
    response.writeHead = (...args: unknown[]): Response => {
      if (lifecycle.draining) response.setHeader('connection', 'close');
      return writeHead(...args);
    };
    next();
  };
}
