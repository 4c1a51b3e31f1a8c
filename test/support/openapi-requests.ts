import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Operation, type Parameter, resolved, type Schema, typesOf } from './openapi.js';
import {
  bodyText,
  DATES,
  isRaw,
  NAMES,
  NUMBERS,
  PATH_TEXTS,
  QUERY_TEXTS,
  TEXTS,
  VALUES,
} from './odd-values.js';
import type { WireRequest } from './wire.js';

/** Existing ids for path parameters, by the path before the parameter: `/v1/accounts`. */
export type KnownIds = Record<string, readonly string[]>;

export interface RequestOptions {
  knownIds?: KnownIds;
  /** Replaces instants in examples, which are too old. */
  recently: string;
  /** For values that must be in the future, such as an expiry. */
  soon: string;
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

export const TIMES: Pick<RequestOptions, 'recently' | 'soon'> = { recently: inDays(-5), soon: inDays(30) };

/** A request being mutated. */
interface Draft extends WireRequest {
  /** The value `body` was serialized from. */
  value?: unknown;
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const DATED = /^\d{4}-\d\d-\d\d/;
const CONTENT_TYPES = [
  'text/plain',
  'application/xml',
  'multipart/form-data; boundary=x',
  'application/json; charset=x',
  'x',
  '',
];
const HEADERS: [string, string[]][] = [
  ['if-match', ['*', '"1"', 'W/"1"', '"1", "2"', '1', '', '"99999999999999999999"', '"', 'x'.repeat(4000)]],
  ['accept', ['text/html', 'image/png', '*/*;q=0', '']],
  ['content-encoding', ['gzip', 'br', 'identity', 'x', 'gzip, gzip', '']],
  ['x-request-id', ['', 'a b', '\xff', 'x'.repeat(4000)]],
  ['x-forwarded-for', ['127.0.0.1', '::1', 'unknown', ', ,']],
  ['idempotency-key', ['', 'x', 'x'.repeat(4000)]],
  ['origin', ['null', 'https://shop.example']],
  ['range', ['bytes=0-0']],
  ['if-none-match', ['*', '"x"']],
];

/** Draws from fast-check's `gen()`, so that a seed reproduces every request. */
export class RequestGenerator {
  constructor(
    private readonly gen: fc.GeneratorValue,
    private readonly options: RequestOptions,
  ) {}

  /** A request that is valid according to the documentation. */
  valid(operation: Operation): Draft {
    const { parameters = [], requestBody } = operation;
    const query = parameters
      .filter((parameter) => parameter.in === 'query' && (parameter.required || this.chance(0.25)))
      .map((parameter) => `${parameter.name}=${encodeURIComponent(this.textFor(parameter))}`);
    const [type, content] = requestBody ? this.pick(Object.entries(requestBody.content)) : [];
    const path = this.pathOf(operation);
    const value = content && this.withId(this.bodyFor(content.schema ?? {}, content.example), path);
    return {
      method: operation.method,
      path: path + (query.length > 0 ? `?${query.join('&')}` : ''),
      headers: {
        ...(type !== undefined && { 'content-type': type }),
        // Matches any version of an existing definition.
        ...(parameters.some(({ name }) => name === 'If-Match') && this.chance(0.7) && { 'if-match': '*' }),
      },
      body: typeof value === 'string' || value === undefined ? value : bodyText(value),
      value,
    };
  }

  /** A request that is usually invalid in some part. */
  fuzzed(operation: Operation): WireRequest {
    const request = this.valid(operation);
    if (this.chance(0.1)) return request;
    const others = [this.spoilBytes, this.spoilPath, this.spoilQuery, this.spoilHeaders];
    let spoilt: Draft = request;
    if (operation.requestBody && this.chance(0.7)) spoilt = this.spoilBody(spoilt, operation);
    if (spoilt === request || this.chance(0.15)) spoilt = this.pick(others).call(this, spoilt, operation);
    return spoilt;
  }

  private spoilBody(request: Draft, operation: Operation): Draft {
    const json = operation.requestBody?.content['application/json'];
    if (!json) return request;
    let { value } = request;
    if (typeof value === 'string') value = this.bodyFor(json.schema ?? {}, json.example);
    const count = this.pick([1, 1, 1, 2, 3]);
    for (let i = 0; i < count; i++) value = this.spoiltValue(value, json.schema ?? {});
    return {
      ...request,
      headers: { ...request.headers, 'content-type': 'application/json' },
      body: bodyText(value),
      value,
    };
  }

  private spoilBytes(request: Draft): Draft {
    const whole = Buffer.from(request.body ?? '{}');
    const at = this.whole(0, whole.length);
    const headers = { 'content-type': 'application/json', ...request.headers };
    const insert = (bytes: number[] | string): Buffer =>
      Buffer.concat([whole.subarray(0, at), Buffer.from(bytes as string), whole.subarray(at)]);
    const ways: (() => Draft)[] = [
      () => ({ ...request, headers, body: whole.subarray(0, at) }),
      () => ({ ...request, headers, body: insert([this.whole(0, 255)]) }),
      () => ({ ...request, headers, body: insert([0xed, 0xa0, 0x80]) }),
      () => ({ ...request, headers, body: insert([0xef, 0xbb, 0xbf]) }),
      () => ({ ...request, headers, body: insert(this.pick(TEXTS)) }),
      () => ({ ...request, headers, body: Buffer.concat([whole, whole]) }),
      () => ({ ...request, headers, body: '' }),
      () => ({ ...request, headers, body: '['.repeat(this.pick([30, 70, 50_000])) }),
      () => ({ ...request, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(whole) }),
      () => ({
        ...request,
        headers: { ...headers, 'content-encoding': 'gzip' },
        body: gzipSync(whole).subarray(0, -at - 1),
      }),
      () => ({ ...request, headers: { ...headers, 'content-type': this.pick(CONTENT_TYPES) }, body: whole }),
      () => ({ ...request, body: undefined }),
    ];
    return this.pick(ways)();
  }

  private spoilPath(request: Draft, operation: Operation): Draft {
    const [, ...query] = request.path.split('?');
    const path = operation.path.replace(/\{\w+\}/g, () => this.pick(PATH_TEXTS));
    const changed = operation.path.includes('{')
      ? path
      : path + this.pick(['/', '//', '/x', '%2f', ';a=b', '/..']);
    return { ...request, path: [changed, ...query].join('?') };
  }

  private spoilQuery(request: Draft, { parameters = [] }: Operation): Draft {
    const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    const count = this.pick([1, 1, 2, 3]);
    const added = Array.from({ length: count }, () => {
      const name = this.pick(
        this.chance(0.8) && known.length > 0 ? known : ['unknown', '__proto__', '%ff', 'limit', ''],
      );
      const suffix = this.pick(['', '', '', '', '[]', '[a]', '[__proto__]']);
      return `${name}${suffix}=${this.pick(QUERY_TEXTS)}`;
    });
    const [path = '', given] = request.path.split('?');
    return {
      ...request,
      path: `${path}?${[...(given && this.chance(0.5) ? [given] : []), ...added].join('&')}`,
    };
  }

  private spoilHeaders(request: Draft): Draft {
    const [name, values] = this.pick(HEADERS);
    return { ...request, headers: { ...request.headers, [name]: this.pick(values) } };
  }

  /** The id in the path and in the body, usually the same. */
  private withId(body: unknown, path: string): unknown {
    if (!isObject(body) || this.chance(0.05)) return body;
    const id = decodeURIComponent(path.split('/').at(-1) ?? '');
    return Object.fromEntries(
      Object.entries(body).map(([name, value]) => [name, /^(id|messageId)$/.test(name) ? id : value]),
    );
  }

  /** Replaces, removes or adds one node at any depth. */
  private spoiltValue(value: unknown, given: Schema): unknown {
    const schema = this.alternative(given);
    const list = Array.isArray(value) && value.length > 0 ? (value as unknown[]) : null;
    const object = isObject(value) ? value : null;
    if (list && this.chance(0.7)) {
      const at = this.whole(0, list.length - 1);
      return list.map((item, i) => (i === at ? this.spoiltValue(item, schema.items ?? {}) : item));
    }
    if (!object || this.chance(0.1)) return this.oddValue(schema);
    const names = [...new Set([...Object.keys(object), ...Object.keys(schema.properties ?? {})])];
    const name = this.chance(0.12) || names.length === 0 ? this.pick(NAMES) : this.pick(names);
    const others = Object.entries(object).filter(([key]) => key !== name);
    if (name in object && this.chance(0.12)) return Object.fromEntries(others);
    const free = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
    return Object.fromEntries([
      ...others,
      [name, this.spoiltValue(object[name], schema.properties?.[name] ?? free)],
    ]);
  }

  private oddValue(schema: Schema): unknown {
    const bounds = boundaries(schema);
    if (bounds.length > 0 && this.chance(0.5)) return this.pick(bounds);
    const { minItems = 0, maxItems } = schema;
    if (typesOf(schema).includes('array') && maxItems !== undefined && this.chance(0.4)) {
      const item = this.valueFor(schema.items ?? {});
      return Array.from(
        { length: Math.min(this.pick([minItems - 1, minItems, maxItems, maxItems + 1]), 2_001) },
        () => item,
      );
    }
    return this.pick(VALUES);
  }

  private pathOf({ path, parameters = [] }: Operation): string {
    return path.replace(/\{(\w+)\}/g, (_, name: string, at: number) => {
      const known = this.options.knownIds?.[path.slice(0, at - 1).replace(/\{(\w+)\}/g, '*')];
      if (known && this.chance(0.8)) return encodeURIComponent(this.pick(known));
      const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
      return encodeURIComponent(
        parameter?.schema.enum ? this.textFor(parameter) : this.pick(['A-1', 'A-2', 'X-1', '1']),
      );
    });
  }

  private textFor({ schema }: Parameter): string {
    const value = this.valueFor(schema);
    return Array.isArray(value) ? value.join(',') : String(value);
  }

  private bodyFor(schema: Schema, example: unknown): unknown {
    if (typeof example === 'string') return example;
    return example === undefined || this.chance(0.4) ? this.valueFor(schema) : this.recent(example);
  }

  /** A value that the schema allows, with some of the optional fields. */
  private valueFor(given: Schema, name = '', depth = 0): unknown {
    const schema = this.alternative(given);
    const { example, minimum = 0, maximum = 1_000_000 } = schema;
    if (example !== undefined && this.chance(0.7)) return this.recent(example, name);
    if (schema.enum) return this.pick(schema.enum);
    const types = typesOf(schema);
    if (types.includes('null') && this.chance(0.1)) return null;
    const type = types.find((one) => one !== 'null');
    if (type === 'string') return this.textOf(schema, name);
    if (type === 'integer' || type === 'number')
      return this.whole(Math.ceil(minimum), Math.floor(Math.min(maximum, minimum + 1_000)));
    if (type === 'boolean') return this.chance(0.5);
    if (type === 'array') {
      const { minItems = 0, maxItems = 3, items = {} } = schema;
      const length = this.whole(
        Math.max(minItems, depth > 4 ? 0 : 1),
        Math.max(minItems, Math.min(maxItems, 3)),
      );
      return Array.from({ length }, () => this.valueFor(items, name, depth + 1));
    }
    const { properties = {}, required = [], additionalProperties } = schema;
    const named = Object.entries(properties)
      .filter(([name]) => required.includes(name) || this.chance(0.4))
      .map(([name, property]): [string, unknown] => [name, this.valueFor(property, name, depth + 1)]);
    const free =
      additionalProperties === undefined || additionalProperties === false
        ? []
        : [['extra', this.pick(['x', 1, true])]];
    return Object.fromEntries([...named, ...free]);
  }

  private textOf({ format, pattern, maxLength = 20 }: Schema, name: string): string {
    if (format === 'date-time') return this.instantFor(name);
    if (format === 'date') return this.options.recently.slice(0, 10);
    if (format === 'email') return 'ada@acme.example';
    if (pattern?.startsWith('^[A-Z]{3}')) return 'USD';
    if (pattern !== undefined) return this.options.recently.slice(0, 10);
    return this.pick(['A-1', 'A-2', 'u-17', 'Müller & Söhne', 'x', 'none', 'default']).slice(0, maxLength);
  }

  private recent(example: unknown, name = ''): unknown {
    if (typeof example === 'string' && INSTANT.test(example))
      return this.chance(0.8) ? this.instantFor(name) : example;
    if (Array.isArray(example)) return example.map((item) => this.recent(item, name));
    if (typeof example !== 'object' || example === null) return example;
    return Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, this.recent(value, name)]),
    );
  }

  private instantFor(name: string): string {
    return /^expires/.test(name) ? this.options.soon : this.options.recently;
  }

  private alternative(schema: Schema): Schema {
    const whole = resolved(schema);
    const alternatives = whole.anyOf ?? whole.oneOf;
    return alternatives ? this.alternative(this.pick(alternatives)) : whole;
  }

  private pick<T>(values: readonly T[]): T {
    return values[this.whole(0, values.length - 1)] as T;
  }

  private whole(min: number, max: number): number {
    return this.gen(fc.integer, { min, max });
  }

  private chance(probability: number): boolean {
    return this.whole(1, 1_000) <= probability * 1_000;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isRaw(value);

/** Values at and just beyond the limits of a schema. */
function boundaries({ minimum, maximum, minLength, maxLength, enum: allowed, ...schema }: Schema): unknown[] {
  const types = typesOf(schema);
  const isDated = schema.format?.startsWith('date') || DATED.test(String(schema.example));
  return [
    ...(minimum === undefined ? [] : [minimum - 1, minimum, minimum - Number.EPSILON]),
    ...(maximum === undefined ? [] : [maximum, maximum + 1, maximum * 2]),
    ...(minLength ? ['x'.repeat(minLength - 1), ' '.repeat(minLength)] : []),
    ...(maxLength === undefined
      ? []
      : ['x'.repeat(maxLength), 'x'.repeat(maxLength + 1), '😀'.repeat(maxLength)]),
    ...(allowed ? [String(allowed[0]).toUpperCase(), `${String(allowed[0])} `] : []),
    ...(types.includes('number') || types.includes('integer') ? NUMBERS : []),
    ...(isDated ? DATES : types.includes('string') ? TEXTS : []),
  ];
}
