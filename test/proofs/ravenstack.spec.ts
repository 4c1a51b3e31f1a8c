import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelVersionDto } from '../../src/scoring/models/model.dto.js';
import type { TrainingDto } from '../../src/scoring/training/training.dto.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client } from '../support/client.js';

const DATA = '../shared/data/ravenstack';
const MONTH_ENDS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map(
  (day, month) => `2024-${String(month + 1).padStart(2, '0')}-${day}`,
);
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

  const trained = async (): Promise<ModelVersionDto> => {
    const get = async <T>(path: string) => (await client(app).call('GET', path)).body as T;
    const { body } = await client(app).call('POST', '/v1/models/churn/trainings');
    for (;;) {
      const { status, error, version } = await get<TrainingDto>(
        `/v1/models/churn/trainings/${String(body.id)}`,
      );
      if (status === 'failed') throw new Error(String(error));
      if (status === 'succeeded') return get(`/v1/models/churn/${String(version)}`);
      await sleep(100);
    }
  };

  afterEach(() => app.stop());

  it('accounts for every row, twice, finds the known figures, scores each month-end and lists all accounts with reasons', async () => {
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
    expect(output).toContain('4,514 running subscriptions, MRR 10,159,608.00 USD, as expected');
    expect(output).toContain('Scored by scorecard default, version 2: RavenStack');
    expect(output).toMatch(/ {2}at 2024-\d\d-\d\d: \d+ of (6000|\?) accounts scored\n/);

    const months = [...output.matchAll(/^(2024-\d\d-\d\d) +(\d+) +(\d+) +(\d+) +(\d+) +([\d,.]+) USD$/gm)];
    expect(months.map(([, day]) => day)).toEqual(MONTH_ENDS);
    for (const [, , green, yellow, red, unknown] of months) {
      const known = Number(green) + Number(yellow) + Number(red);
      expect(known).toBeGreaterThan(9 * Number(unknown));
      expect(Math.min(Number(green), Number(yellow), Number(red))).toBeGreaterThan(0);
    }
    const mrr = months.map(([line]) => Number(line.split(/ +/).at(-2)?.replaceAll(',', '')));
    expect(mrr).toEqual([...mrr].sort((a, b) => a - b));
    expect(mrr.at(-1)).toBe(10_159_608);

    const stakes = [...output.matchAll(/^ +\d+ A-\S+ .* at stake ([\d,.]+) USD  \S/gm)];
    const amounts = stakes.map(([, amount = '']) => Number(amount.replaceAll(',', '')));
    expect(amounts).toHaveLength(500);
    expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
    expect(output).toMatch(/\n500 accounts, 500 with reasons, 500 with a band\n/);

    const { report, basis } = await trained();
    expect(basis).toBe('prior');
    expect(report?.data.happened).toBeLessThan(20);
    expect(report?.decision.text).toMatch(/^stays on the scorecard: only \d+ accounts had churned by then/);
  }, 240_000);

  it('names the setting that keeps events of 2023', async () => {
    app = await startTestApp({ eventRetentionDays: 400 });
    const { code, output } = await example();
    expect(code).toBe(1);
    expect(output).toMatch(/too_old.*\n[^]*FAILED: feature_usage: [^\n]*EVENT_RETENTION_DAYS=\d{4}/);
  }, 1_800_000);
});
