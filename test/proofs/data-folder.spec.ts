import { once } from 'node:events';
import { access, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { databasePid, type Service, startService } from '../../bench/service.js';
import { makeTempDir } from '../support/temp-dir.js';

/** The built service with the database it brings along, as whoever runs this, from wherever this stands. */
describe('the built service on a data folder', () => {
  let dataDir: string;
  const running: Service[] = [];
  const start = async (env: Record<string, string> = {}): Promise<Service> => {
    const service = await startService({ dataDir, env });
    running.push(service);
    return service;
  };
  const account = ({ url, key }: Service, method: string, body?: object): Promise<Response> =>
    fetch(`${url}/v1/accounts/A-1`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });

  beforeEach(async () => {
    dataDir = await makeTempDir('steward-ground-');
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('keeps its data across restarts', async () => {
    const first = await start();
    expect((await account(first, 'PUT', { name: 'Acme' })).status).toBe(201);
    expect(await first.stop()).toBe(0);
    expect((await account(await start(), 'GET')).status).toBe(200);
  });

  it('restarts after it was killed, with or without its database', async () => {
    const first = await start();
    expect((await account(first, 'PUT', { name: 'Acme' })).status).toBe(201);
    await first.kill();
    const second = await start();
    expect((await account(second, 'GET')).status).toBe(200);
    const database = await databasePid(dataDir);
    await second.kill();
    process.kill(database, 'SIGKILL');
    expect((await account(await start(), 'GET')).status).toBe(200);
  });

  it('refuses to share the folder with another instance', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(
      new RegExp(`DATA_DIR ${dataDir} is in use by another Steward \\(pid ${first.pid}\\)`),
    );
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  it('reports a taken port before it creates a database or a key', async () => {
    const holder = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = String((holder.address() as AddressInfo).port);
    await expect(start({ PORT: port })).rejects.toThrow(`PORT ${port} is already in use`);
    holder.closeAllConnections();
    holder.close();
    await expect(access(path.join(dataDir, 'postgres'))).rejects.toThrow('ENOENT');
  });
});
