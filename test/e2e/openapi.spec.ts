import { jest } from '@jest/globals';
import { Clock } from '../../src/platform/clock.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { operations, resolved, type Schema, typesOf } from '../support/openapi.js';

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
  it.each(operations)('describes what $name does and how to call it', (operation) => {
    expect(operation.summary).toMatch(/\S{2}/);
    expect(operation.operationId).toMatch(/^\w+$/);
    expect(operation.tags).toHaveLength(1);
    const isPublic = operation.security?.length === 0;
    expect(isPublic).not.toBe(operation['x-required-scope'] !== undefined);
  });

  it.each(operations)('describes a successful response of $name', ({ responses }) => {
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    expect(successes).not.toHaveLength(0);
    for (const [status, { content }] of successes) {
      if (status === '204') expect(content).toBeUndefined();
      else expect(Object.values(content ?? {}).map(({ schema }) => typeof schema)).toEqual(['object']);
    }
  });

  it.each(forCallers)('describes the errors of $name', ({ responses }) => {
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '500', '503']));
  });

  // Imports are streamed, so they have no end.
  it.each(operations.filter(({ path }) => !path.startsWith('/v1/imports/')))(
    'bounds every list and text that $name takes',
    ({ requestBody, parameters = [] }) => {
      const places = [
        ...Object.values(requestBody?.content ?? {}).map(({ schema }): [string, Schema] => [
          '',
          schema ?? {},
        ]),
        ...parameters.map(({ name, schema }): [string, Schema] => [name, schema]),
      ];
      expect(places.flatMap(([at, schema]) => unbounded(schema, at))).toEqual([]);
    },
  );
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

/** The places of lists without a greatest number of items and of texts that may be of any length. */
function unbounded(given: Schema, at: string, above: readonly Schema[] = []): string[] {
  const schema = resolved(given);
  if (above.includes(schema)) return [];
  const { maxLength, maxItems, format, pattern, properties = {}, items, additionalProperties } = schema;
  const types = typesOf(schema);
  const isEndless =
    (types.includes('array') && maxItems === undefined) ||
    (types.includes('string') && !(maxLength ?? format ?? pattern ?? schema.enum));
  const parts: [string, Schema][] = [
    ...Object.entries(properties),
    ...(items ? [['*', items] satisfies [string, Schema]] : []),
    ...(typeof additionalProperties === 'object'
      ? [['*', additionalProperties] satisfies [string, Schema]]
      : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((one): [string, Schema] => ['', one]),
  ];
  const below = parts.flatMap(([name, part]) => unbounded(part, `${at}/${name}`, [...above, schema]));
  return isEndless ? [at, ...below] : below;
}
