import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Passed {
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The status the client received. */
  status: number;
}

export interface FlakyProxy {
  url: string;
  passed: Passed[];
  close(): void;
}

/** The response to give instead. `served` first lets the service handle the request, so that only its response is lost. */
export interface Failure {
  status: number;
  headers?: Record<string, string>;
  served: boolean;
}

/** Proxies the service and spoils the first responses, one failure each. */
export async function startFlakyProxy(target: string, failures: Failure[]): Promise<FlakyProxy> {
  const passed: Passed[] = [];
  const left = [...failures];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await buffer(incoming);
      const failure = left.shift();
      const answer =
        failure?.served === false ? null : await forward(target, incoming.url ?? '/', incoming, body);
      const status = failure?.status ?? answer?.status ?? 502;
      passed.push({ headers: incoming.headers, body, status });
      outgoing.writeHead(status, failure?.headers).end(failure ? '' : answer?.body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function forward(
  target: string,
  path: string,
  { method, headers }: { method?: string; headers: IncomingHttpHeaders },
  body: Buffer,
): Promise<{ status: number; body: Buffer }> {
  const sent = request(target + path, { method, headers }).end(body);
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  return { status: response.statusCode ?? 502, body: await buffer(response) };
}
