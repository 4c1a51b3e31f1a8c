import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  example?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

export interface Content {
  schema?: Schema;
  example?: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

interface DocumentedOperation {
  summary?: string;
  operationId?: string;
  tags?: string[];
  /** Empty: no key required. */
  security?: object[];
  'x-required-scope'?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { $ref?: string; content?: Record<string, Content> }>;
}

export interface Operation extends DocumentedOperation {
  /** Such as `PUT /v1/accounts/{id}`. */
  name: string;
  method: string;
  path: string;
}

interface Document {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, { content?: Record<string, Content> }>;
  };
}

/** The committed file: comments become prose only in the build, and CI checks that the file matches the code. */
const document = parse(await readFile('openapi.yaml', 'utf8')) as Document;

export const operations: Operation[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    ...operation,
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
  })),
);

/** Resolves a reference and merges the parts of an `allOf`. */
export function resolved(schema: Schema): Schema {
  const named = schema.$ref?.split('/').at(-1);
  if (named !== undefined) return resolved(document.components.schemas[named] ?? {});
  const { allOf, ...own } = schema;
  return allOf ? (Object.assign({}, ...allOf.map(resolved), own) as Schema) : schema;
}

export const typesOf = ({ type }: Schema): string[] => (type === undefined ? [] : [type].flat());

/** The content types of a response with this status; null if the operation does not document it. */
export function documentedTypes(operation: Operation, status: number): string[] | null {
  const response = operation.responses[status];
  if (!response) return null;
  const shared = document.components.responses[response.$ref?.split('/').at(-1) ?? ''];
  return Object.keys((shared ?? response).content ?? {});
}
