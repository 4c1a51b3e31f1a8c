import type { OpenAPIObject } from '@nestjs/swagger';
import { MAX_KEY } from '../validation/text-checks.js';
import { operationsOf } from './operations.js';

/** Ids in paths: a longer one names nothing. Only the names of parameters are known where a controller is read. */
export function boundIds(document: OpenAPIObject): void {
  for (const { operation } of operationsOf(document)) {
    for (const parameter of operation.parameters ?? []) {
      if (!('in' in parameter) || parameter.in !== 'path') continue;
      const { schema } = parameter;
      if (schema && 'type' in schema && schema.type === 'string' && !schema.enum) schema.maxLength = MAX_KEY;
    }
  }
}
