import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTempDir } from '../support/temp-dir.js';

interface Demo {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

describe('npm run demo', () => {
  let dataDir: string;
  let port: number;
  const started: Demo[] = [];

  const demo = (args: string[] = [], env: Record<string, string> = {}): Demo => {
    const child = spawn(process.execPath, ['dist/src/demo/main.js', ...args], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    const ended = once(child, 'close').then(() => child.exitCode);
    const one = { child, output: () => output, ended };
    started.push(one);
    return one;
  };
  const listed = async ({ child, output }: Demo): Promise<void> => {
    while (!output().includes('Ctrl-C')) {
      if (child.exitCode !== null) throw new Error(`it ended: ${output()}`);
      await sleep(50);
    }
  };

  beforeAll(async () => {
    dataDir = await makeTempDir('steward-demo-');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    server.close();
  });
  afterAll(async () => {
    for (const { child, ended } of started) {
      child.kill('SIGTERM');
      await ended;
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  // One story, in order, for the sake of one data folder.
  it('sends a company, lists accounts at risk with reasons, and stops with --once', async () => {
    const first = demo(['--once']);
    expect(await first.ended).toBe(0);
    expect(first.output()).toMatch(/events +(\d{6}) facts, \1 new, 0 unchanged/);
    expect(first.output()).toMatch(
      /Highest expected loss among 2\d\d accounts \(\d+ red, \d+ yellow, \d+ green, \d+ unknown\)/,
    );
    expect(first.output()).toMatch(/^ ?\d+ .* red .*\n +- \S.*\n +- \S/m);
    expect(first.output()).toMatch(
      /Churn model, version \d+: .+\n +trained on 2\d\d accounts at 1\d month-ends/,
    );
    expect(first.output()).toContain('API key  demo-key');
    expect(first.output()).toContain(`Data     ${path.join(dataDir, 'demo')}`);
  }, 1_800_000);

  it('is unchanged after a restart, on the next port if its own is taken, with a given key', async () => {
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const again = demo([], { DEMO_EXIT: '1', BOOTSTRAP_API_KEY: 'mine' });
    expect(await again.ended).toBe(0);
    holder.close();
    expect(again.output()).toContain(`Port ${port} is taken`);
    // Between two starts a little time passes, and with it a few facts may.
    const totals = new Map(
      [...again.output().matchAll(/^ +(\w+) +\d+ facts, (\d+) new/gm)].map(([, kind, added]) => [
        kind,
        Number(added),
      ]),
    );
    expect(totals.size).toBe(10);
    expect([...totals.values()].reduce((sum, added) => sum + added, 0)).toBeLessThan(500);
    expect(again.output()).toContain('API key  mine');
  }, 1_800_000);

  it('keeps running with exclusive use of its folder, and restarts after SIGKILL', async () => {
    const running = demo();
    await listed(running);
    const answer = await fetch(`http://127.0.0.1:${port}/v1/accounts?sort=health&limit=1`, {
      headers: { authorization: 'Bearer demo-key' },
    });
    expect(answer.status).toBe(200);
    const second = demo(['--once']);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('is in use by another Steward');
    running.child.kill('SIGKILL');
    await running.ended;
    const after = demo(['--once']);
    expect(await after.ended).toBe(0);
    expect(after.output()).toContain('Highest expected loss');
  }, 1_800_000);
});
