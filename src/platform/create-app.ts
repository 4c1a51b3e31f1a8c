import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { DiskSpace, rejectWritesWhenFull } from './health/disk-space.js';
import { Lifecycle } from './health/lifecycle.js';
import { underBasePath } from './http/base-path.js';
import { answerClientError } from './http/client-error.js';
import { closeUnread } from './http/close-unread.js';
import { HttpAdapter } from './http/http-adapter.js';
import { urlCheck } from './http/url-check.js';
import { accessLog } from './logging/access-log.js';
import { NestLog } from './logging/nest-log.js';
import { Metrics } from './metrics/metrics.js';
import { serveDocs } from './openapi/serve-docs.js';
import { type Platform, PlatformModule } from './platform.module.js';

/** The app is not listening yet. `features` is the root module; the platform's providers are global. */
export async function createApp(
  features: new () => object,
  platform: Platform,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    { module: features, imports: [PlatformModule.with(platform)] },
    new HttpAdapter(),
    { bodyParser: false, abortOnError: false, logger: new NestLog(platform.logger) },
  );
  app.set('trust proxy', platform.settings.trustProxy);
  app.set('case sensitive routing', true).set('etag', false).disable('x-powered-by');
  app.use(accessLog(platform.logger, app.get(Metrics)));
  app.use(closeWhenDraining(app.get(Lifecycle)));
  app.use(closeUnread);
  // HSTS is up to whatever terminates TLS.
  app.use(helmet({ hsts: false, contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(urlCheck);
  if (platform.settings.basePath !== '') app.use(underBasePath(platform.settings.basePath));
  app.use(rejectWritesWhenFull(app.get(DiskSpace)));
  serveDocs(app, platform.settings);

  app.getHttpServer().on('clientError', answerClientError);
  return app;
}

/** Makes clients reconnect, so that a load balancer sends them to another instance. */
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
