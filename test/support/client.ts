import type { TestApp } from './app.js';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The response's JSON; an empty object without a body. */
  body: Record<string, unknown>;
}

export type Sendable = string | Uint8Array | object;

export interface Client {
  /** Strings and bytes are sent as they are, anything else as JSON. */
  call(method: string, path: string, body?: Sendable, headers?: Record<string, string>): Promise<Answer>;
}

/** An HTTP client of the service; uses the admin key by default. */
export function client({ url, key }: Pick<TestApp, 'url' | 'key'>): Client {
  return {
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : bytesOf(body),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
  };
}

/** Creates a key with a single scope. */
export async function clientWithScope(app: TestApp, scope: string): Promise<Client & { key: string }> {
  const { body } = await client(app).call('POST', '/v1/api-keys', { name: scope, scopes: [scope] });
  const key = String(body['key']);
  return { key, ...client({ url: app.url, key }) };
}

function bytesOf(body: Sendable): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body);
}
