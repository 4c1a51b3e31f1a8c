import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

/**
 * Longer than the 60 s after which load balancers drop idle connections, so that the load balancer closes first and does
 * not send into a closed connection.
 */
const KEEP_ALIVE_MS = 65_000;
/** From connecting, or from the first byte of a request, to the end of its headers. */
const HEADERS_MS = 10_000;
const CHECK_MS = 2_000;

/** Node's HTTP server with timeouts that can be set only at creation. */
export class HttpAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.httpServer = createServer(
      {
        headersTimeout: HEADERS_MS,
        connectionsCheckingInterval: CHECK_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        // Off: imports may take long, and reading bodies has its own limits.
        requestTimeout: 0,
      },
      this.getInstance(),
    );
  }
}
