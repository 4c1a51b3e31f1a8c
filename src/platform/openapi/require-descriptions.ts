import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

/** The document alone must be enough to use the API. Comments become summaries only in `nest build`, so not under Jest. */
export function requireDescriptions(document: OpenAPIObject): void {
  const operations = operationsOf(document);
  const built = operations.some(({ operation }) => operation.summary);
  const poor = operations.filter(({ operation: { summary, tags } }) => (built && !summary) || !tags?.length);
  if (poor.length > 0) throw new Error(`No summary or no tag: ${poor.map(({ name }) => name).join(', ')}`);
  const ids = operations.map(({ operation }) => operation.operationId);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length > 0) throw new Error(`Duplicate operations: ${twice.join(', ')}`);
}
