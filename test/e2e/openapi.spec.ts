import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { parse } from 'yaml';
import { Clock } from '../../src/platform/clock.js';
import { startTestApp, type TestApp } from '../support/app.js';

interface Content {
  schema?: object;
  example?: unknown;
}
interface Operation {
  name: string;
  method: string;
  path: string;
  summary?: string;
  operationId?: string;
  tags?: string[];
  security?: object[];
  'x-required-scope'?: string;
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { content?: Record<string, Content> }>;
}
interface Document {
  paths: Record<string, Record<string, Omit<Operation, 'name' | 'method' | 'path'>>>;
}

/** The committed file, since comments become prose in the build alone; CI sees to it that it is what the code says. */
const document = parse(await readFile('openapi.yaml', 'utf8')) as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]): Operation => ({
    ...operation,
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
  })),
);
const forCallers = operations.filter(({ path }) => path.startsWith('/v1/'));
const bodies = operations.flatMap((operation) =>
  Object.entries(operation.requestBody?.content ?? {}).map(([type, { example }]) => ({
    title: `${operation.name} as ${type}`,
    operation,
    type,
    example,
  })),
);

describe('openapi.yaml', () => {
  it.each(operations)('says of $name what it does and how it is called', (operation) => {
    expect(operation.summary).toMatch(/\S{2}/);
    expect(operation.operationId).toMatch(/^\w+$/);
    expect(operation.tags).toHaveLength(1);
    const isPublic = operation.security?.length === 0;
    expect(isPublic).not.toBe(operation['x-required-scope'] !== undefined);
  });

  it.each(operations)('says of $name what a success holds', ({ responses }) => {
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    expect(successes).not.toHaveLength(0);
    for (const [status, { content }] of successes) {
      if (status === '204') expect(content).toBeUndefined();
      else expect(Object.values(content ?? {}).map(({ schema }) => typeof schema)).toEqual(['object']);
    }
  });

  it.each(forCallers)('says of $name how it fails', ({ responses }) => {
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '500', '503']));
  });
});

describe('an example in openapi.yaml', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    // The examples name days; events of long ago are refused.
    jest.spyOn(app.app.get(Clock), 'now').mockReturnValue(new Date('2025-02-01T00:00:00Z'));
  });
  afterAll(() => app.stop());

  it.each(bodies)('is accepted by $title', async ({ operation, type, example }) => {
    const path = operation.path.replace('{kind}', 'accounts').replace(/\{\w+\}/, idIn(example));
    const response = await fetch(app.url + path, {
      method: operation.method,
      headers: { authorization: `Bearer ${app.key}`, 'content-type': type },
      body: typeof example === 'string' ? example : JSON.stringify(example),
    });
    const text = await response.text();
    // Of what does not exist yet, the body is looked at all the same.
    const accepted = response.ok || response.status === 404 || response.status === 409;
    expect({ accepted, text }).toEqual({ accepted: true, text });
    expect(text).not.toContain('"rejected":1');
  });
});

/** A record's id stands in its path and in its body: they must be the same. */
function idIn(example: unknown): string {
  const { id, messageId } = (example ?? {}) as { id?: string; messageId?: string };
  return id ?? messageId ?? 'X-1';
}
