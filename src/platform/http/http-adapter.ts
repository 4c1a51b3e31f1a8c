import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Above the 60 s after which load balancers drop an idle connection: the side that may still send must be the first to close. */
const KEEP_ALIVE_MS = 65_000;
/** From the first byte of a request, or from connecting, to the end of its headers. */
const HEADERS_MS = 10_000;
const CHECK_MS = 2_000;

/** Node's HTTP server with time limits that can be given only when it is made. */
export class HttpAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.httpServer = createServer(
      {
        headersTimeout: HEADERS_MS,
        connectionsCheckingInterval: CHECK_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        // A streamed import takes as long as its sender keeps up the pace; what reads bodies has limits of its own.
        requestTimeout: 0,
      },
      this.getInstance(),
    );
  }
}
