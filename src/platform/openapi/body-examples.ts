import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

/** The part of a schema that an example is built from. */
interface Shape {
  $ref?: string;
  example?: unknown;
  enum?: unknown[];
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
}

/**
 * Adds an example to each JSON body without one: its required fields and those with their own example. Otherwise Swagger
 * UI would fill every field with a placeholder that the service rejects.
 */
export function exampleBodies(document: OpenAPIObject): void {
  for (const { operation } of operationsOf(document)) {
    const body = operation.requestBody;
    const json = body && 'content' in body ? body.content['application/json'] : undefined;
    if (!json?.schema || json.example !== undefined || json.examples !== undefined) continue;
    const example = exampleOf(json.schema, document.components?.schemas ?? {});
    if (example !== undefined) json.example = example;
  }
}

function exampleOf(schema: Shape, known: Record<string, Shape>): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.$ref !== undefined) {
    const named = known[schema.$ref.split('/').at(-1) ?? ''];
    return named && exampleOf(named, known);
  }
  if (schema.items) {
    const item = exampleOf(schema.items, known);
    return item === undefined ? undefined : [item];
  }
  if (!schema.properties) return undefined;
  const fields = Object.entries(schema.properties).flatMap(([name, property]): [string, unknown][] => {
    const required = schema.required?.includes(name) ?? false;
    const value = exampleOf(property, known) ?? (required ? property.enum?.[0] : undefined);
    return value === undefined ? [] : [[name, value]];
  });
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}
