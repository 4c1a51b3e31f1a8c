import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { exampleBodies } from './body-examples.js';
import { boundIds } from './bound-ids.js';
import { documentErrors } from './document-errors.js';
import { PROBLEM_SCHEMA } from './problem-schema.js';
import { requireDescriptions } from './require-descriptions.js';

const DESCRIPTION = `How healthy each customer is, how likely to churn, and why.

Send an API key as \`Authorization: Bearer <key>\`; Segment clients send it as the user name of Basic authentication. Each operation
names the one scope it needs. Lists return \`{items, nextCursor}\`: pass \`nextCursor\` as \`cursor\` for the next page. Every
error is a problem document (RFC 9457, \`application/problem+json\`) whose \`code\` is stable.`;

/** Builds the OpenAPI 3.1 document. Throws if an operation lacks a summary, id or tag. */
export function buildDocument(app: INestApplication, server = '/'): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Steward')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addServer(server)
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'API key', description: 'An API key' },
      'bearer',
    )
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'The API key as user name; any password' },
      'basic',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => operationId(controller, method),
  });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
  };
  document.security = [{ bearer: [] }, { basic: [] }];
  requireDescriptions(document);
  documentErrors(document);
  boundIds(document);
  exampleBodies(document);
  return document;
}

function operationId(controller: string, method: string): string {
  const subject = controller.replace(/Controller$/, '');
  return `${subject.charAt(0).toLowerCase()}${subject.slice(1)}_${method}`;
}
