import { Agent, request as httpRequest } from 'node:http';

/** A request sent byte by byte: unlike with `fetch`, nothing is normalized or rejected on the way. */
export interface WireRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
}

export interface WireAnswer {
  status: number;
  /** Without parameters; empty if absent. */
  type: string;
  text: string;
}

/** Sends requests over keep-alive connections. Rejects when a connection closes before a complete response. */
export class Wire {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    private readonly url: string,
    /** Null: requests bring their own headers. */
    private readonly key: string | null,
  ) {}

  send({ method, path, headers, body }: WireRequest): Promise<WireAnswer> {
    const bytes = body === undefined ? undefined : Buffer.from(body as string);
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        {
          hostname,
          port,
          method,
          path,
          agent: this.agent,
          headers: {
            ...(this.key !== null && { authorization: `Bearer ${this.key}` }),
            ...headers,
            ...(bytes && { 'content-length': String(bytes.length) }),
          },
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              type: (response.headers['content-type'] ?? '').replace(/;.*/, ''),
              text: Buffer.concat(pieces).toString(),
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(bytes);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
