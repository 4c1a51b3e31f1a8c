import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const TRIES = 100;

/** The port, or the next one that nobody listens on; 0 gives any. */
export async function freePortFrom(port: number, host: string): Promise<number> {
  const last = Math.min(port + TRIES, 65_535);
  for (let candidate = port; candidate < last; candidate++) {
    const found = await tryPort(candidate, host);
    if (found !== undefined) return found;
  }
  return port;
}

async function tryPort(port: number, host: string): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    // The service says better what is wrong with the host or with its right to the port.
    return port;
  } finally {
    server.close();
  }
}
