import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

interface Started {
  child: ChildProcess;
  output: () => string;
  errors: () => string;
}

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', ALLOW_DATA_LOSS_FOR_TESTS: 'yes', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
  return { child, output: () => output, errors: () => errors };
}

async function listening({ child, output, errors }: Started): Promise<void> {
  while (!output().includes('"listening"')) {
    if (child.exitCode !== null) throw new Error(`exited: ${errors()}`);
    await sleep(20);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The status, `last` when told to go elsewhere (as a load balancer would), or why there was no answer. */
function ask(port: number, path: string, agent: Agent): Promise<number | string> {
  return new Promise((resolve) => {
    request(
      { port, path, agent, host: '127.0.0.1', headers: { authorization: 'Bearer first' } },
      (response) => {
        response
          .resume()
          .on('end', () =>
            resolve(response.headers.connection === 'close' ? 'last' : (response.statusCode ?? 'none')),
          );
      },
    )
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .end();
  });
}

describe('the built service as a process', () => {
  let database: TestDatabase;
  let port: number;
  const started: ChildProcess[] = [];
  const run = (env: Record<string, string> = {}): Started => {
    const one = start({ DATABASE_URL: database.url, PORT: String(port), BOOTSTRAP_API_KEY: 'first', ...env });
    started.push(one.child);
    return one;
  };

  beforeEach(async () => {
    database = await createEmptyDatabase();
    port = await freePort();
  });
  afterEach(async () => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    await database.drop();
  });

  it('finishes requests in flight on SIGTERM under load and exits with 0', async () => {
    const service = run();
    await listening(service);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const seen = new Map<number | string, number>();
    const clients = Array.from({ length: 8 }, async () => {
      for (;;) {
        const answer = await ask(port, '/v1/api-keys', agent);
        seen.set(answer, (seen.get(answer) ?? 0) + 1);
        if (answer !== 200) return;
      }
    });
    while ((seen.get(200) ?? 0) <= 50) await sleep(20);
    service.child.kill('SIGTERM');
    const [code] = (await once(service.child, 'exit')) as [number];
    await Promise.all(clients);
    expect(code).toBe(0);
    expect([...seen.keys()].sort()).toEqual([200, 'last']);
    expect(seen.get('last')).toBe(8);
    expect(seen.get(200)).toBeGreaterThan(50);
  });

  it('shuts down gracefully when one Ctrl-C arrives twice, as under npm', async () => {
    const service = run();
    await listening(service);
    service.child.kill('SIGINT');
    service.child.kill('SIGINT');
    const exit = once(service.child, 'exit') as Promise<[number]>;
    const timer = setInterval(() => service.child.kill('SIGINT'), 50);
    setTimeout(() => clearInterval(timer), 500);
    expect((await exit)[0]).toBe(0);
    expect(service.output()).toContain('"stopped"');
  });

  it('goes on and can be stopped when its log cannot be written', async () => {
    const full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, ['dist/src/main.js'], {
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        ALLOW_DATA_LOSS_FOR_TESTS: 'yes',
        DATABASE_URL: database.url,
        PORT: String(port),
        BOOTSTRAP_API_KEY: 'first',
      },
      stdio: ['ignore', full.fd, 'ignore'],
    });
    started.push(child);
    await full.close();
    const agent = new Agent({ keepAlive: true });
    while ((await ask(port, '/v1/api-keys', agent)) !== 200) await sleep(50);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('prints the first key once, and the key works', async () => {
    const service = run({ BOOTSTRAP_API_KEY: '' });
    await listening(service);
    const key = /stw_\S+/.exec(service.output())?.[0] ?? '';
    const answer = await fetch(`http://127.0.0.1:${port}/v1/audit`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(200);
    service.child.kill('SIGTERM');
    await once(service.child, 'exit');

    const again = run({ BOOTSTRAP_API_KEY: '' });
    await listening(again);
    expect(again.output()).not.toContain('stw_');
  });

  it('starts three instances concurrently on an empty database', async () => {
    const services = [run({ PORT: '0' }), run({ PORT: '0' }), run({ PORT: '0' })];
    await Promise.all(services.map(listening));
    expect(services.map(({ child }) => child.exitCode)).toEqual([null, null, null]);
  });

  it('reports in one line that its port is taken', async () => {
    const holder = createServer().listen(port, '127.0.0.1');
    const service = run();
    const [code] = (await once(service.child, 'close')) as [number];
    holder.close();
    expect(code).toBe(1);
    expect(service.errors()).toMatch(
      new RegExp(`^Steward cannot start: PORT ${port} is already in use[^\\n]*\\n$`),
    );
    expect(service.output()).not.toContain('EADDRINUSE');
  });

  it('names the unreachable database without its password', async () => {
    const service = run({ DATABASE_URL: `postgres://ann:canary@127.0.0.1:${port}/gone` });
    const [code] = (await once(service.child, 'close')) as [number];
    expect(code).toBe(1);
    expect(service.errors()).toMatch(
      /^Steward cannot start: DATABASE_URL \(127.0.0.1:\d+\/gone\): [^\n]*\n$/,
    );
    expect(service.errors() + service.output()).not.toContain('canary');
  });
});
