import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { startTestApp, type TestApp } from '../support/app.js';

const DATA = '../shared/data/ravenstack';
const run = existsSync(DATA) ? describe : describe.skip;

run(`examples/ravenstack (skipped where ${DATA} is absent)`, () => {
  let app: TestApp;
  const example = async (times = '1'): Promise<{ code: number | null; output: string }> => {
    const child = spawn(
      process.execPath,
      ['examples/ravenstack/run.mjs', '--data', DATA, '--url', app.url, '--times', times],
      { env: { PATH: process.env.PATH, STEWARD_KEY: app.key }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    await once(child, 'close');
    return { code: child.exitCode, output };
  };

  afterEach(() => app.stop());

  it('accounts for every row, twice, finds the known figures and lists all accounts with reasons', async () => {
    app = await startTestApp({ eventRetentionDays: 3_650 });
    const { code, output } = await example('2');
    expect(output).not.toContain('FAILED');
    expect(code).toBe(0);
    const line = (rows: number, kind: string, received: number) =>
      new RegExp(
        `${rows} rows → ${kind}: received ${received} = created (\\d+) \\+ updated (\\d+) \\+ unchanged (\\d+) \\+ quarantined 0 \\+ rejected 0\\n`,
        'g',
      );
    for (const [rows, kind, received] of [
      [500, 'accounts', 500],
      [5_000, 'subscriptions', 5_000],
      [2_000, 'tickets', 2_000],
      [25_000, 'events', 25_000],
      [600, 'accounts', 599],
    ] as const) {
      const [first, second, ...more] = [...output.matchAll(line(rows, kind, received))].map(([, ...counts]) =>
        counts.map(Number),
      );
      expect(first?.reduce((sum, count) => sum + count)).toBe(received);
      expect(second).toEqual([0, 0, received]);
      expect(more).toEqual([]);
    }
    expect(output).toContain('4,514 running subscriptions, MRR 10,159,608.00 USD, as it should be');
    expect(output).toMatch(/500 accounts, 500 with reasons\n/);
  }, 180_000);

  it('says which setting keeps events of 2023', async () => {
    app = await startTestApp({ eventRetentionDays: 400 });
    const { code, output } = await example();
    expect(code).toBe(1);
    expect(output).toMatch(/too_old.*\n[^]*FAILED: feature_usage: [^\n]*EVENT_RETENTION_DAYS=\d{4}/);
  }, 180_000);
});
