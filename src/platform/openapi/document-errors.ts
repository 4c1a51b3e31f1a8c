import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { OperationObject, ResponseObject } from '@nestjs/swagger';
import { PROBLEM_TYPE } from '../http/problem.js';
import { type DocumentedOperation, operationsOf } from './operations.js';

const MEANINGS: Record<string, string> = {
  400: 'The request is invalid; `pointer` and `errors` say where',
  401: 'The API key is missing, mistyped, unknown, expired or revoked',
  403: 'The API key lacks the scope of this operation',
  404: 'Not found',
  408: 'The body arrived too slowly',
  413: 'The body is too large or too complex; `pointer` says where',
  415: 'The content type, charset or encoding is not supported',
  429: 'Too many requests, or too many at once; try again after `Retry-After` seconds',
  500: 'Internal error',
  503: 'The database is not available or the service is stopping; try again after `Retry-After` seconds',
};

/** Adds the platform's errors to each operation, and the problem schema to the errors it declares. */
export function documentErrors(document: OpenAPIObject): void {
  const shared = Object.entries(MEANINGS).map(([status, description]): [string, ResponseObject] => {
    return [`Error${status}`, problemResponse(status, description)];
  });
  document.components = { ...document.components, responses: Object.fromEntries(shared) };
  for (const documented of operationsOf(document)) {
    const { operation, path } = documented;
    if (!path.startsWith('/v1/')) operation.security = [];
    describeResponses(operation);
    for (const status of statusesOf(documented)) {
      operation.responses[status] ??= { $ref: `#/components/responses/Error${status}` };
    }
  }
}

function statusesOf({ path, operation }: DocumentedOperation): string[] {
  const parameters = (operation.parameters ?? []).flatMap((parameter) =>
    'in' in parameter ? [parameter.in] : [],
  );
  const withBody = operation.requestBody !== undefined;
  return [
    // A malformed URL is refused everywhere, an unknown parameter nearly.
    '400',
    ...(path.startsWith('/v1/') ? ['401', '403', '429'] : []),
    ...(parameters.includes('path') ? ['404'] : []),
    ...(withBody ? ['408', '413', '415'] : []),
    '500',
    ...(path === '/livez' ? [] : ['503']),
  ];
}

/** The responses a handler declares, often just a status. */
function describeResponses({ responses }: OperationObject): void {
  for (const [status, response] of Object.entries(responses)) {
    if (!response || '$ref' in response) continue;
    response.description ||= STATUS_CODES[status] ?? 'Done';
    if (Number(status) >= 400 && !response.content) {
      Object.assign(response, problemResponse(status, response.description));
    }
  }
}

function problemResponse(status: string, description: string): ResponseObject {
  const retry = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } };
  return {
    description,
    ...(['429', '503'].includes(status) && { headers: retry }),
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
