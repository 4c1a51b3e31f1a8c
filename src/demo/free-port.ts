import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const TRIES = 100;

/** The port, or the next free one; 0 gives any free port. */
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
    // The service reports a wrong host or a forbidden port better than this check could.
    return port;
  } finally {
    server.close();
  }
}
