import type { SchemaObject } from '@nestjs/swagger';

export const PROBLEM_SCHEMA: SchemaObject = {
  type: 'object',
  description: 'An error (RFC 9457). Rely on `code`; texts may change.',
  required: ['type', 'title', 'status', 'detail', 'message', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', example: 'https://steward.dev/problems/validation_failed' },
    title: { type: 'string', example: 'Bad Request' },
    status: { type: 'integer', example: 400 },
    detail: { type: 'string', example: 'name is required' },
    message: { type: 'string', description: 'Same as `detail`', example: 'name is required' },
    code: { type: 'string', example: 'validation_failed' },
    pointer: { type: 'string', description: 'JSON pointer to the invalid value', example: '/name' },
    errors: {
      type: 'array',
      maxItems: 100,
      description: 'All problems found, up to 100',
      items: {
        type: 'object',
        required: ['code', 'detail'],
        properties: {
          code: { type: 'string', example: 'missing' },
          detail: { type: 'string', example: 'name is required' },
          pointer: { type: 'string', example: '/name' },
        },
      },
    },
    errorsTotal: {
      type: 'integer',
      description: 'Total number of problems, if not all are listed',
      example: 117,
    },
  },
  additionalProperties: true,
};
