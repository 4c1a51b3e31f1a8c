import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import swaggerUi from 'swagger-ui-express';
import type { Settings } from '../settings.js';
import { buildDocument } from './build-document.js';

/** Serves `/docs` and `/openapi.json`; the document is built on the first request. */
export function serveDocs(
  app: NestExpressApplication,
  { publicUrl, basePath }: Pick<Settings, 'publicUrl' | 'basePath'>,
): void {
  let document: OpenAPIObject | undefined;
  app.use('/openapi.json', (_request: Request, response: Response) => {
    response.json((document ??= buildDocument(app, `${publicUrl ?? ''}${basePath}` || '/')));
  });
  const page = swaggerUi.setup(undefined, {
    customSiteTitle: 'Steward API',
    swaggerOptions: {
      url: `${basePath}/openapi.json`,
      persistAuthorization: false,
      displayOperationId: true,
    },
  });
  app.use('/docs', swaggerUi.serve, page);
}
